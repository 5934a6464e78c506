package bpnn.tck;

import bpnn.spi.BackendProvider;
import bpnn.spi.ReferenceBackend;

/** The reference conforms, bits and all. */
class ReferenceConformanceTest extends BackendConformanceTest {
    @Override
    protected BackendProvider provider() {
        return new TestProvider("reference", ReferenceBackend::new);
    }
}
