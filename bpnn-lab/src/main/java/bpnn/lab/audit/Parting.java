package bpnn.lab.audit;

import bpnn.lab.trace.Trace;
import bpnn.nn.EpochResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the bits of a training part from what its trace claims.
 *
 * @param segment the segment that it was found in
 * @param lastEqual the last link that agrees
 * @param link the first that does not; null if all links agree, but the model does not
 * @param what the sentence that says what does not agree
 * @param difference a value that differs, in the next state that was kept; null if none was
 * @param history the epochs that were over at the beginning of the segment
 */
public record Parting(
        Segment segment,
        Trace.Link lastEqual,
        Trace.@Nullable Link link,
        String what,
        @Nullable ValueDifference difference,
        List<EpochResult> history) {}
