package bpnn.lab.experiment;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The results of all tasks of a plan.
 *
 * @param trained the runs of each arm, in the order of the seeds
 * @param sweeps the sweeps of each arm that has them, in the order of the seeds
 */
public record Results(Map<Arm, List<TrainedRun>> trained, Map<Arm, List<RateSweep>> sweeps) {
    public Results {
        trained = Map.copyOf(trained);
        sweeps = Map.copyOf(sweeps);
    }

    /** The runs of an arm that was trained. */
    public List<TrainedRun> runs(Arm arm) {
        return Objects.requireNonNull(trained.get(arm));
    }

    /** The sweeps of an arm; empty if its rates were not swept. */
    public List<RateSweep> sweeps(Arm arm) {
        return sweeps.getOrDefault(arm, List.of());
    }
}
