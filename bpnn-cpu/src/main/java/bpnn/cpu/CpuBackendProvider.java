package bpnn.cpu;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Provides the backend {@code cpu}. It runs anywhere: with the Vector API if its module is loaded, else in plain Java
 * with the same bits. Only this class knows about the incubator module, and it loads no vector class itself.
 */
public final class CpuBackendProvider implements BackendProvider {
    static final String ID = "cpu";
    /** A CPU whose preferred vectors are shorter has no SIMD support that the JVM uses. */
    private static final int MIN_LANES = 4;

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** For {@link java.util.ServiceLoader}. */
    public CpuBackendProvider() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public int apiVersion() {
        return BackendProvider.API_VERSION;
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Availability probe() {
        try {
            return available();
        } catch (IllegalArgumentException e) {
            return new Availability.Unavailable(
                    String.valueOf(e.getMessage()), "Leave -D" + VectorWidth.PROPERTY + " out.", e);
        }
    }

    private static Availability available() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("arithmetic", usesVectors() ? "Vector API" : "scalar code");
        return new Availability.Available(Processor.description(), facts, notice());
    }

    private static @Nullable String notice() {
        if (!Processor.hasFma()) {
            return "This processor or JVM has no fused multiply-add, which Java then emulates at a hundredth of the speed.";
        }
        if (VectorWidth.requested() != VectorWidth.SCALAR && !hasVectorModule()) {
            return "The Vector API is not loaded, so scalar code computes, several times slower; "
                    + "start Java with --add-modules " + VECTOR_MODULE + ".";
        }
        return null;
    }

    private static boolean hasVectorModule() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    }

    private static boolean usesVectors() {
        return VectorWidth.requested() != VectorWidth.SCALAR && hasVectorModule();
    }

    @Override
    public Backend open(BackendConfig config) {
        int threads = config.threads() == 0 ? Runtime.getRuntime().availableProcessors() : config.threads();
        try {
            Arithmetic arithmetic = Tuning.apply(arithmetic(), threads);
            Numerics numerics = config.numerics().orElse(Numerics.EXACT);
            return new CpuBackend(numerics, threads, arithmetic, WarmUp.start(arithmetic));
        } catch (IllegalArgumentException e) {
            throw new BackendException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Arithmetic arithmetic() {
        return usesVectors() && Species.FLOATS.length() >= MIN_LANES ? Arithmetic.vector() : Arithmetic.scalar();
    }
}
