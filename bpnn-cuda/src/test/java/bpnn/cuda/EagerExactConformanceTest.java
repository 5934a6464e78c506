package bpnn.cuda;

import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import bpnn.tck.BackendConformanceTest;
import org.junit.jupiter.api.AfterAll;

class EagerExactConformanceTest extends BackendConformanceTest {
    @Override
    protected BackendProvider provider() {
        return OnStandIn.provider();
    }

    @Override
    protected BackendConfig config() {
        return OnStandIn.config(Numerics.EXACT);
    }

    @AfterAll
    static void nothingIsLeft() {
        OnStandIn.assertNothingIsLeft();
    }
}
