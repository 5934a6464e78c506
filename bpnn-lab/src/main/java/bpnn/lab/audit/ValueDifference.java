package bpnn.lab.audit;

import bpnn.nn.StateTensor;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The first value that differs between two states.
 *
 * @param tensor its tensor's name
 * @param index its index there, in row-major order
 * @param claimed what the trace has
 * @param found what was computed
 * @param differing values that differ in all tensors
 */
public record ValueDifference(String tensor, int index, float claimed, float found, long differing) {
    /** Compares two states bit by bit. */
    static Optional<ValueDifference> between(
            SortedMap<String, StateTensor> claimed, SortedMap<String, StateTensor> found) {
        @Nullable ValueDifference first = null;
        long differing = 0;
        for (Map.Entry<String, StateTensor> entry : claimed.entrySet()) {
            StateTensor other = found.get(entry.getKey());
            float[] a = entry.getValue().values();
            float[] b = other == null ? new float[0] : other.values();
            for (int i = 0; i < Math.min(a.length, b.length); i++) {
                if (Float.floatToIntBits(a[i]) != Float.floatToIntBits(b[i])) {
                    if (first == null) {
                        first = new ValueDifference(entry.getKey(), i, a[i], b[i], 0);
                    }
                    differing++;
                }
            }
        }
        return first == null
                ? Optional.empty()
                : Optional.of(new ValueDifference(first.tensor, first.index, first.claimed, first.found, differing));
    }

    /** For people. */
    public String sentence() {
        return tensor + "[" + index + "] is " + claimed + " in the trace, but " + found + " when computed again; "
                + differing + (differing == 1 ? " value differs." : " values differ.");
    }
}
