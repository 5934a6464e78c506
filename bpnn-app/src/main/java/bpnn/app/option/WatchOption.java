package bpnn.app.option;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a page shows what a command trains. */
public final class WatchOption {
    @Option(
            names = "--watch",
            arity = "0..1",
            paramLabel = "PORT",
            fallbackValue = "" + PageOptions.PORT,
            description =
                    "Show a page in the browser that watches the training: curves, layers, weights, mistakes; draw, and"
                            + " the network answers as it stands. Only this machine sees it. A port to listen on, 0 for a free"
                            + " one (default: " + PageOptions.PORT + ").")
    private @Nullable Integer port;

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        if (port != null) {
            PageOptions.checkPort("--watch", port);
        }
    }

    /** The port to listen on, if there is to be a page. */
    public OptionalInt port() {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
