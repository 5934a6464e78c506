package bpnn.nd4j;

import bpnn.spi.BackendProvider;
import bpnn.tck.BackendConformanceTest;
import org.junit.jupiter.api.BeforeAll;

/** ND4J in the conformance kit: an independent implementation of the arithmetic. */
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
