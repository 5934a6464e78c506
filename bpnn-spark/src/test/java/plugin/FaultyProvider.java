package plugin;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import bpnn.tck.FaultyBackend;
import java.util.Map;

/** A plug-in that computes wrongly on some machines. */
public final class FaultyProvider implements BackendProvider {
    @Override
    public String id() {
        return "faulty";
    }

    @Override
    public int apiVersion() {
        return API_VERSION;
    }

    @Override
    public int priority() {
        return 5;
    }

    @Override
    public Availability probe() {
        return new Availability.Available("a machine", Map.of(), null);
    }

    @Override
    public Backend open(BackendConfig config) {
        return new FaultyBackend("faulty", Numerics.EXACT, FaultyKernels::new);
    }
}
