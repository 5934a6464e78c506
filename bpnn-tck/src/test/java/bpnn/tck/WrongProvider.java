package bpnn.tck;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import bpnn.spi.Kernels;
import bpnn.spi.Numerics;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Provides the faulty backends: the setting {@value #FAULT} names the fault. */
public final class WrongProvider implements BackendProvider {
    /** Names a constant of {@link PrimitiveFault} or {@link FusedFault}. */
    public static final String FAULT = "bpnn.wrong.fault";

    @Override
    public String id() {
        return "wrong";
    }

    @Override
    public int apiVersion() {
        return API_VERSION;
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Availability probe() {
        return new Availability.Available("plain Java with a fault", Map.of(), null);
    }

    @Override
    public Backend open(BackendConfig config) {
        String name = config.options().getOrDefault(FAULT, "");
        Function<Backend, Kernels> fault = Stream.of(PrimitiveFault.values(), FusedFault.values())
                .flatMap(Stream::of)
                .filter(constant -> ((Enum<?>) constant).name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BackendException("There is no fault \"" + name + "\"."));
        return new FaultyBackend("wrong", config.numerics().orElse(Numerics.FAST), fault);
    }
}
