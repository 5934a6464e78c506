package bpnn.tck;

import bpnn.spi.BackendProvider;
import bpnn.tck.oracle.Float64Backend;

/** Float64 arithmetic, the best case of fast mode, is within every bound. */
class OracleConformanceTest extends BackendConformanceTest {
    @Override
    protected BackendProvider provider() {
        return new TestProvider("float64", Float64Backend::new);
    }
}
