package example.plain;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import java.util.Map;

/** What bpnn finds in the jar: the backend's name, whether it can run, and how to open it. */
public final class PlainProvider implements BackendProvider {
    static final String ID = "plain";
    static final String DEVICE = "one thread of plain Java";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public int apiVersion() {
        return BackendProvider.API_VERSION;
    }

    /** Below the CPU backend's 100, so that "auto" never chooses it. */
    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Availability probe() {
        return new Availability.Available(DEVICE, Map.of(), "It is an example, and slow.");
    }

    @Override
    public Backend open(BackendConfig config) {
        if (config.numerics().filter(Numerics.EXACT::equals).isPresent()) {
            throw new BackendException("The backend 'plain' has no exact arithmetic; ask for --numerics fast.");
        }
        return new PlainBackend();
    }
}
