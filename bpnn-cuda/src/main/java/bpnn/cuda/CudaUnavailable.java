package bpnn.cuda;

import bpnn.spi.Availability;
import bpnn.spi.BackendException;
import org.jspecify.annotations.Nullable;

/** The backend cannot run here; reason and hint are one sentence each. */
final class CudaUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String hint;

    CudaUnavailable(String reason, String hint) {
        this(reason, hint, null);
    }

    CudaUnavailable(String reason, String hint, @Nullable Throwable cause) {
        super(reason + " " + hint, cause);
        this.reason = reason;
        this.hint = hint;
    }

    Availability.Unavailable availability() {
        return new Availability.Unavailable(reason, hint, getCause());
    }

    BackendException exception() {
        return new BackendException("Backend cuda cannot be opened: " + getMessage(), getCause());
    }
}
