package bpnn.lab.comparison;

import bpnn.lab.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Comparisons with one reference in words: a column for each training, then each pair, then the verdicts. */
public final class ComparisonText {
    private static final int NAME = 26;
    private static final int LEAST_COLUMN = 14;

    private final List<ComparedRun> runs;
    private final List<Comparison> comparisons;
    private final int column;
    private final StringBuilder text = new StringBuilder();

    /**
     * @param reference what the others are compared with
     * @param comparisons one for each of the others
     */
    public ComparisonText(ComparedRun reference, List<Comparison> comparisons) {
        this.comparisons = comparisons;
        this.runs = new ArrayList<>(List.of(reference));
        comparisons.forEach(comparison -> runs.add(comparison.other()));
        this.column = Math.max(
                LEAST_COLUMN,
                runs.stream().mapToInt(run -> run.name().length()).max().orElse(0) + 2);
    }

    /** The text; its last line is the verdict on all. */
    public String text() {
        for (ComparedRun run : runs) {
            ComparedRun.Computer backend = run.backend();
            line("%s: %s, %s, %s arithmetic", run.name(), backend.id(), backend.device(), backend.numerics());
        }
        text.append(System.lineSeparator());
        figures();
        comparisons.forEach(this::pair);
        text.append(System.lineSeparator());
        comparisons.forEach(comparison -> line("%s", comparison.reason()));
        if (comparisons.size() > 1) {
            long good = comparisons.stream().filter(Comparison::isGood).count();
            line(
                    good == comparisons.size() ? "All agree with %s." : "NOT all agree with %s: %d of %d do not.",
                    runs.get(0).name(),
                    comparisons.size() - good,
                    comparisons.size());
        }
        return text.toString().stripTrailing();
    }

    private void line(String format, @Nullable Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    private void row(String name, Function<ComparedRun, String> value) {
        StringBuilder row = new StringBuilder(String.format("%-" + NAME + "s", name));
        runs.forEach(run -> row.append(String.format("%" + column + "s", value.apply(run))));
        line("%s", row);
    }

    private static String number(String format, @Nullable Object value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }

    private void figures() {
        row("", ComparedRun::name);
        if (runs.stream().anyMatch(run -> !run.losses().isEmpty())) {
            row("loss of step 1", run -> number("%.8f", run.losses().get(1L)));
            row("loss of the last step", run -> number("%.8f", last(run.losses())));
        }
        row("test loss", run -> number("%.5f", run.testLoss()));
        row("test accuracy", run -> number("%.4f", run.test().share()));
        row("  95 % from", run -> number("%.4f", run.test().interval().low()));
        row("  to", run -> number("%.4f", run.test().interval().high()));
        row("hash of the weights", run -> run.weightsSha256().substring(0, 12));
        row("ms a step, whole training", run -> milliseconds(run.secondsPerStep()));
        if (runs.stream().anyMatch(run -> run.times() != null)) {
            row("ms a step, measured alone", run -> times(run, StepTimes::step));
            for (StepPhase phase : StepPhase.values()) {
                row("  " + phase.name().toLowerCase(Locale.ROOT), run -> times(run, times -> times.of(phase)));
            }
        }
    }

    private static @Nullable Float last(SortedMap<Long, Float> losses) {
        return losses.isEmpty() ? null : losses.get(losses.lastKey());
    }

    private static String milliseconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", 1000 * seconds);
    }

    private static String times(ComparedRun run, Function<StepTimes, Double> figure) {
        StepTimes times = run.times();
        return times == null ? "-" : milliseconds(figure.apply(times));
    }

    private void pair(Comparison comparison) {
        text.append(System.lineSeparator());
        line("%s against %s", comparison.other().name(), comparison.reference().name());
        comparison.settings().forEach(setting -> line("  other setting: %s", setting));
        comparison.surroundings().forEach(difference -> line("  other surroundings: %s", difference));
        if (comparison.parting() != null) {
            line("  traces: %s", comparison.parting().sentence());
        }
        losses(comparison.divergence());
        weights(comparison.distances());
        line(
                "  hash of the weights: %s",
                comparison.reference().weightsSha256().equals(comparison.other().weightsSha256())
                        ? "equal"
                        : "different");
        Long read = comparison.readDifferently();
        if (read != null) {
            line(
                    "  test images: %d of %d are read differently",
                    read, comparison.reference().test().trials());
        }
        Interval interval = comparison.other().test().interval();
        line(
                "  test accuracy: %.4f, 95 %% interval %.4f to %.4f; %s",
                interval.mean(),
                interval.low(),
                interval.high(),
                comparison.reference().test().agreesWith(comparison.other().test())
                        ? "each lies in the other's interval"
                        : "one lies outside the other's interval");
    }

    private void losses(LossDivergence divergence) {
        Map.Entry<Long, Double> largest = divergence.largest();
        if (largest == null) {
            line("  losses of steps: not logged by both; --log-steps of train writes them");
            return;
        }
        Double first = divergence.first();
        if (first != null) {
            line(
                    first == 0
                            ? "  loss of step 1: the same bits"
                            : "  loss of step 1: differs by %.1e of its size, %d digits are equal",
                    first,
                    LossDivergence.digits(first));
        }
        int known = divergence.differences().size();
        line(
                divergence.firstOtherBits() == null
                        ? "  losses have the same bits in all %2$d steps"
                        : "  first loss with other bits: step %1$d of %2$d",
                divergence.firstOtherBits(),
                known);
        line(
                divergence.divergedAt() == null
                        ? "  they do not part: no losses differ by more than %2$.0e of their size"
                        : "  they part at step %1$d, where losses first differ by more than %2$.0e of their size",
                divergence.divergedAt(),
                divergence.threshold());
        line("  largest difference of losses: %.1e of their size, at step %d", largest.getValue(), largest.getKey());
    }

    private void weights(SortedMap<Long, WeightDistance> distances) {
        if (distances.isEmpty()) {
            line("  weights: networks of different structures");
            return;
        }
        StringBuilder steps = new StringBuilder();
        double largest = 0;
        for (Map.Entry<Long, WeightDistance> distance : distances.entrySet()) {
            largest = distance.getValue().largest();
            boolean told = distance.getKey() <= 1
                    || (Long.bitCount(distance.getKey()) == 1 && Long.numberOfTrailingZeros(distance.getKey()) % 3 == 0)
                    || distance.getKey().equals(distances.lastKey());
            if (told) {
                steps.append(steps.isEmpty() ? "" : ", ")
                        .append(String.format(
                                Locale.ROOT,
                                "%s after step %d",
                                distance.getValue().relative() == 0
                                        ? "0"
                                        : String.format(
                                                Locale.ROOT,
                                                "%.1e",
                                                distance.getValue().relative()),
                                distance.getKey()));
            }
        }
        line("  distance of the weights, as a share of their size: %s", steps);
        line("  largest difference of a single weight at the end: %.1e", largest);
    }
}
