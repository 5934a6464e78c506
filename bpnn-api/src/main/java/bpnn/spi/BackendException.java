package bpnn.spi;

import org.jspecify.annotations.Nullable;

/** A backend is missing, cannot be opened or has failed; the message is a sentence for the user. */
public final class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BackendException(String message) {
        this(message, null);
    }

    public BackendException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
