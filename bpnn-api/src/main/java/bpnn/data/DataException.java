package bpnn.data;

/**
 * Data that cannot be read, downloaded or verified. The message is one sentence for the person at the terminal: it
 * names the file, the fault and, where that helps, what to do.
 */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one plain sentence */
    public DataException(String message) {
        super(message);
    }

    /**
     * @param message one plain sentence
     * @param cause the underlying exception
     */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
