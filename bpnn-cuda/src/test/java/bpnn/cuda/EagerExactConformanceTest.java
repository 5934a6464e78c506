package bpnn.cuda;

import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import bpnn.tck.BackendConformanceTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

@Tag("once")
class EagerExactConformanceTest extends BackendConformanceTest {
    @Override
    protected BackendProvider provider() {
        return StandInFixture.provider();
    }

    @Override
    protected BackendConfig config() {
        return StandInFixture.config(Numerics.EXACT);
    }

    @AfterAll
    static void noResourceLeaks() {
        StandInFixture.assertNoLeaks();
    }
}
