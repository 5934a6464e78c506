package bpnn.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * What was measured, round by round.
 *
 * @param values at least one
 */
record Samples(List<Double> values) {
    Samples {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("Nothing was measured");
        }
    }

    /** The median; of an even number, the mean of the middle two. */
    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double least() {
        return values.stream().mapToDouble(value -> value).min().orElseThrow();
    }

    double greatest() {
        return values.stream().mapToDouble(value -> value).max().orElseThrow();
    }

    /** Each value changed. */
    Samples map(DoubleUnaryOperator change) {
        return new Samples(values.stream().map(change::applyAsDouble).toList());
    }

    /** Each value by the other's of the same round. */
    Samples over(Samples others) {
        return new Samples(IntStream.range(0, values.size())
                .mapToObj(i -> values.get(i) / others.values.get(i))
                .toList());
    }

    /** The median, and what it lies between, such as "3.1 (2.9 to 3.3)". */
    String text(String format) {
        return String.format(Locale.ROOT, format, median())
                + (values.size() == 1
                        ? ""
                        : String.format(Locale.ROOT, " (" + format + " to " + format + ")", least(), greatest()));
    }
}
