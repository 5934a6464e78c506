package bpnn.lab.comparison;

import bpnn.nn.StateTensor;
import bpnn.nn.TrainingListener;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records the weights of a training before its first step and after steps 1, 2, 3, 4, 6, 8, 12, 16 and so on, and measures
 * how far they are from those of another training that was looked at before.
 */
final class WeightTrajectory implements TrainingListener {
    private final Supplier<SortedMap<String, StateTensor>> weights;
    private final @Nullable WeightTrajectory reference;
    private final SortedMap<Long, SortedMap<String, StateTensor>> seen = new TreeMap<>();
    private final SortedMap<Long, WeightDistance> distances = new TreeMap<>();

    /**
     * @param weights reads them
     * @param reference the track of the training to compare with; null for a training that others are compared with,
     *     which alone keeps what it saw
     */
    WeightTrajectory(Supplier<SortedMap<String, StateTensor>> weights, @Nullable WeightTrajectory reference) {
        this.weights = weights;
        this.reference = reference;
    }

    /** Records the weights as they are now. */
    void look(long step) {
        SortedMap<String, StateTensor> now = weights.get();
        if (reference == null) {
            seen.put(step, now);
            return;
        }
        Map<String, StateTensor> then = reference.seen.get(step);
        if (then != null) {
            distances.put(step, WeightDistance.between(then, now));
        }
    }

    /** The distance after each step that both trainings were looked at. */
    SortedMap<Long, WeightDistance> distances() {
        return distances;
    }

    @Override
    public boolean observes(long step) {
        return Long.bitCount(step) == 1 || (step % 3 == 0 && Long.bitCount(step / 3) == 1);
    }

    @Override
    public void afterStep(long step) {
        look(step);
    }
}
