package bpnn.tck;

import bpnn.spi.BackendProvider;
import bpnn.spi.ReferenceBackend;

/** The reference conforms, including exact bits. */
class ReferenceConformanceTest extends BackendConformanceTest {
    @Override
    protected BackendProvider provider() {
        return new TestProvider("reference", ReferenceBackend::new);
    }
}
