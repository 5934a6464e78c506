package bpnn.lab.work;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What an item came to, beside the files in its folder.
 *
 * @param digest of everything that must come out the same wherever it is computed; empty if nothing was computed
 * @param computer what computed it
 * @param failure why it could not be carried out, for a reason of its own that would be the same anywhere; null if it was
 */
public record WorkOutcome(
        String digest, Computer computer, @Nullable String failure) implements Serializable {
    private static final long serialVersionUID = 1;

    /** One that came to its end. */
    public static WorkOutcome done(String digest, Computer computer) {
        return new WorkOutcome(digest, computer, null);
    }

    /** One that cannot be carried out. */
    public static WorkOutcome failed(String reason, Computer computer) {
        return new WorkOutcome("", computer, reason);
    }
}
