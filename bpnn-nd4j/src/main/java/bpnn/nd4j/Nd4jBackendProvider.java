package bpnn.nd4j;

import bpnn.spi.Availability;
import bpnn.spi.Availability.Available;
import bpnn.spi.Availability.Unavailable;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import java.util.Map;

/** Provides ND4J as the backend {@code nd4j}. This class and its probe load no class of ND4J. */
public final class Nd4jBackendProvider implements BackendProvider {
    static final String ID = "nd4j";

    /** For {@link java.util.ServiceLoader}. */
    public Nd4jBackendProvider() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public int apiVersion() {
        return BackendProvider.API_VERSION;
    }

    /** Below {@code cpu}, so that installing the plug-in does not change the automatic selection. */
    @Override
    public int priority() {
        return 50;
    }

    @Override
    public Availability probe() {
        String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        if (!platform.equals("Linux on amd64")) {
            return new Unavailable(
                    "This plug-in holds ND4J's native libraries for Linux on amd64 only, and this is " + platform,
                    "Use --backend cpu, which runs everywhere.",
                    null);
        }
        Unavailable obstacle = NativeCache.ofThisMachine().obstacle();
        return obstacle != null ? obstacle : new Available(device(threads(0)), Map.of(), null);
    }

    static String device(int threads) {
        return threads + (threads == 1 ? " core" : " cores") + " through ND4J and OpenBLAS";
    }

    private static int threads(int wanted) {
        return wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
    }

    @Override
    public Backend open(BackendConfig config) {
        if (config.numerics().filter(Numerics.EXACT::equals).isPresent()) {
            throw new BackendException("The backend nd4j computes as ND4J does, so it has no exact arithmetic; ask for"
                    + " --numerics fast, or for another backend.");
        }
        if (probe() instanceof Unavailable no) {
            throw new BackendException(no.reason() + ". " + no.hint(), no.cause());
        }
        return new Nd4jBackend(NativeLibrary.load(), threads(config.threads()));
    }
}
