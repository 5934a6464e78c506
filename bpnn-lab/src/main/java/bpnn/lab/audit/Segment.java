package bpnn.lab.audit;

import bpnn.lab.trace.Trace;
import java.util.List;

/**
 * A stretch of a training that can be computed by itself.
 *
 * @param from where it begins: the initial state, or one that was kept
 * @param links the links on it, without the one that it begins with
 * @param toEnd whether it reaches to the end of the training, and so to the model
 */
public record Segment(Trace.Link from, List<Trace.Link> links, boolean toEnd) {
    /** For people. */
    public String words() {
        String begin = "steps " + (from.step() + 1) + " to ";
        return toEnd ? begin + "the end" : begin + links.get(links.size() - 1).step();
    }
}
