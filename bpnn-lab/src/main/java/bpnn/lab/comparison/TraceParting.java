package bpnn.lab.comparison;

import bpnn.lab.trace.Trace;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the traces of two runs say of where their bits part.
 *
 * @param lastEqual the last step after which both have the same state; null if not even the initial ones are the same
 * @param firstOther the first step after which they have not; null if there is none
 */
public record TraceParting(
        @Nullable Long lastEqual, @Nullable Long firstOther) {
    /** Compares the states at the steps that both traces have. */
    static TraceParting between(Trace a, Trace b) {
        NavigableMap<Long, String> others = new TreeMap<>();
        b.links().forEach(link -> others.put(link.step(), link.stateSha256()));
        NavigableMap<Long, String> common = new TreeMap<>();
        a.links().forEach(link -> common.put(link.step(), link.stateSha256()));
        common.keySet().retainAll(others.keySet());
        Long lastEqual = null;
        for (Map.Entry<Long, String> state : common.entrySet()) {
            if (!state.getValue().equals(others.get(state.getKey()))) {
                return new TraceParting(lastEqual, state.getKey());
            }
            lastEqual = state.getKey();
        }
        return new TraceParting(lastEqual, null);
    }

    /** For people. */
    public String sentence() {
        if (firstOther == null) {
            return lastEqual == null ? "the traces have no step in common" : "the same states up to step " + lastEqual;
        }
        return lastEqual == null
                ? "other states from the initial one on"
                : "the same states up to step " + lastEqual + ", other ones at step " + firstOther;
    }
}
