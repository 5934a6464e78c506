package bpnn.mnist;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Network errors as text for messages about a mirror. */
final class NetworkErrors {
    private NetworkErrors() {}

    /** The reason of a failed request: the innermost specific cause. */
    static String reason(@Nullable Throwable fault) {
        String reason = "the connection failed";
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpTimeoutException) {
                reason = "it did not answer";
            } else if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                reason = "its address is unknown";
            } else if (cause instanceof ConnectException) {
                reason = "it cannot be reached";
            } else if (cause instanceof SSLException) {
                reason = "no secure connection came about";
            }
        }
        return reason;
    }
}
