package bpnn.nd4j;

import bpnn.spi.BackendProvider;
import bpnn.tck.BackendConformanceTest;
import org.junit.jupiter.api.BeforeAll;

/** ND4J through the whole conformance kit: a second implementation that shares no arithmetic with ours. */
class Nd4jConformanceTest extends BackendConformanceTest {
    @BeforeAll
    static void here() {
        Platform.assume();
    }

    @Override
    protected BackendProvider provider() {
        return new Nd4jBackendProvider();
    }
}
