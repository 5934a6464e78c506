package bpnn.lab.trace;

/** A trace, or what it vouches for, contradicts itself. The message is a sentence for people. */
public final class ForgedTraceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ForgedTraceException(String sentence) {
        super(sentence);
    }
}
