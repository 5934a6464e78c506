package example.plain;

import bpnn.spi.BackendProvider;
import bpnn.tck.BackendConformanceTest;

/** Runs the conformance kit of bpnn against this backend. */
class PlainBackendTest extends BackendConformanceTest {
    @Override
    protected BackendProvider provider() {
        return new PlainProvider();
    }
}
