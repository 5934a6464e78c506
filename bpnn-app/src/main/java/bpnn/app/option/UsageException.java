package bpnn.app.option;

/** Options that cannot be; the message is a sentence that names the option, what was found and what is expected. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
