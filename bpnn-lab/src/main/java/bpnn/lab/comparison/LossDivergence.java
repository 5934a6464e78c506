package bpnn.lab.comparison;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the losses of two trainings diverge. The difference of two losses is |a - b| / max(|a|, |b|).
 *
 * @param differences by step, of every step whose loss is known of both
 * @param firstOtherBits the first step whose losses have other bits; null if there is none
 * @param threshold a larger difference means that the trainings have diverged
 * @param divergedAt the first step with such a difference; null if there is none
 */
public record LossDivergence(
        NavigableMap<Long, Double> differences,
        @Nullable Long firstOtherBits,
        double threshold,
        @Nullable Long divergedAt) {

    static LossDivergence of(NavigableMap<Long, Float> a, NavigableMap<Long, Float> b, double threshold) {
        NavigableMap<Long, Double> differences = new TreeMap<>();
        Long firstOtherBits = null;
        Long divergedAt = null;
        for (Map.Entry<Long, Float> loss : a.entrySet()) {
            Float other = b.get(loss.getKey());
            if (other == null) {
                continue;
            }
            double difference = difference(loss.getValue(), other);
            differences.put(loss.getKey(), difference);
            if (firstOtherBits == null && Float.floatToIntBits(loss.getValue()) != Float.floatToIntBits(other)) {
                firstOtherBits = loss.getKey();
            }
            if (divergedAt == null && difference > threshold) {
                divergedAt = loss.getKey();
            }
        }
        return new LossDivergence(differences, firstOtherBits, threshold, divergedAt);
    }

    private static double difference(double a, double b) {
        return a == b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
    }

    /** The difference of the first losses; null if those of step 1 are not known. */
    public @Nullable Double first() {
        return differences.get(1L);
    }

    /** The step with the largest difference; null if nothing is known. */
    public Map.@Nullable Entry<Long, Double> largest() {
        return differences.entrySet().stream().max(Map.Entry.comparingByValue()).orElse(null);
    }

    /** How many decimal digits two numbers have in common that differ by so much of their size. */
    static int digits(double difference) {
        return (int) Math.max(0, Math.floor(-Math.log10(difference)));
    }
}
