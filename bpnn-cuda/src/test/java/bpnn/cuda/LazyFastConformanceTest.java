package bpnn.cuda;

import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import bpnn.tck.BackendConformanceTest;
import org.junit.jupiter.api.AfterAll;

class LazyFastConformanceTest extends BackendConformanceTest {
    @Override
    protected BackendProvider provider() {
        return StandInFixture.lazyProvider();
    }

    @Override
    protected BackendConfig config() {
        return StandInFixture.config(Numerics.FAST);
    }

    @AfterAll
    static void noResourceLeaks() {
        StandInFixture.assertNoLeaks();
    }
}
