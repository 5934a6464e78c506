package bpnn.lab.sweep;

import bpnn.lab.statistics.Interval;
import bpnn.lab.statistics.SeedStatistics;
import java.util.Comparator;
import java.util.List;

/**
 * A trial with its runs.
 *
 * @param trial the point
 * @param rung of successive halving that it has reached, from 0
 * @param runs those that have come to an end, by seed
 */
public record TrialResult(Trial trial, int rung, List<RunOutcome> runs) {
    /**
     * The best first: by the rung, then by accuracy, then by loss; a trial with a run that diverged or failed stands behind
     * all others.
     */
    public static final Comparator<TrialResult> BEST_FIRST = Comparator.comparing(TrialResult::isSound)
            .thenComparingInt(TrialResult::rung)
            .thenComparingDouble(result -> orLeast(result.accuracy().mean()))
            .thenComparingDouble(result -> orLeast(-result.loss().mean()))
            .reversed()
            .thenComparingInt(result -> result.trial.number());

    /** Those that go on to the next rung first: by loss, which tells more than accuracy early on. */
    static final Comparator<TrialResult> LOWEST_LOSS_FIRST = Comparator.comparingDouble(
                    (TrialResult result) -> result.loss().mean())
            .thenComparingInt(result -> result.trial().number());

    public TrialResult {
        runs = List.copyOf(runs);
    }

    private static double orLeast(double value) {
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
    }

    /** Whether all of its runs can be ranked. */
    public boolean isSound() {
        return !runs.isEmpty() && runs.stream().allMatch(RunOutcome::isDone);
    }

    /** Accuracy on the validation images over the seeds. */
    public Interval accuracy() {
        return SeedStatistics.mean(
                runs.stream().mapToDouble(RunOutcome::validationAccuracy).toArray());
    }

    /** Loss on the validation images over the seeds. */
    public Interval loss() {
        return SeedStatistics.mean(
                runs.stream().mapToDouble(RunOutcome::validationLoss).toArray());
    }
}
