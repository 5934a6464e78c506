package bpnn.web;

/** A request that is not served; the message is a sentence for the client. */
final class RequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    RequestException(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    /** The HTTP status. */
    int status() {
        return status;
    }

    /** The sentence. */
    String sentence() {
        return String.valueOf(getMessage());
    }
}
