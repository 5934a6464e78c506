package bpnn.app.option;

import bpnn.app.session.Session;
import bpnn.backend.BackendCatalogue;
import bpnn.backend.Selection;
import bpnn.spi.Backend;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which backend computes, and how. */
public final class BackendOptions {
    @Option(
            names = "--backend",
            paramLabel = "ID",
            defaultValue = "auto",
            description =
                    "Backend to compute with: cpu, cuda, nd4j, auto, or the id of a plug-in; -Dbackend=ID before the"
                            + " command means the same (default: auto).")
    private String backend = BackendCatalogue.AUTO;

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    /** How it computes, and where it is looked for. */
    public ComputeOptions compute() {
        return compute;
    }

    /** Whether a backend was asked for by its id. */
    public boolean names(String id) {
        return backend.equalsIgnoreCase(id);
    }

    /** The backend that was asked for; see {@link BackendCatalogue#select}. */
    public Selection select(BackendCatalogue catalogue) {
        return catalogue.select(backend.toLowerCase(Locale.ROOT));
    }

    /** The backend that was asked for, among those that there are. */
    public Selection select(Session session) {
        compute.check();
        return select(compute.catalogue(session));
    }

    /** Opens the backend that was asked for, and says which one it is. */
    public Backend open(Session session) {
        return compute.open(session, select(session));
    }
}
