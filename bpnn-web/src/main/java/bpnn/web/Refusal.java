package bpnn.web;

/** A request that is not served; the message is a sentence for whoever sent it. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    /** The status of HTTP. */
    int status() {
        return status;
    }

    /** The sentence. */
    String sentence() {
        return String.valueOf(getMessage());
    }
}
