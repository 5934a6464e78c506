package bpnn.cpu;

import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import bpnn.tck.BackendConformanceTest;
import java.util.Map;
import java.util.Optional;

/**
 * The conformance kit on the CPU backend in exact arithmetic, for every vector width and for one, two and three
 * threads.
 */
class CpuConformanceTest extends BackendConformanceTest {
    @Override
    protected BackendProvider provider() {
        return new CpuBackendProvider();
    }

    @Override
    protected BackendConfig config() {
        int threads = switch (VectorWidth.requested()) {
            case SCALAR, BITS_512 -> 2;
            case BITS_128 -> 1;
            case BITS_256, PREFERRED -> 3;
        };
        return new BackendConfig(Optional.of(Numerics.EXACT), threads, Map.of());
    }
}
