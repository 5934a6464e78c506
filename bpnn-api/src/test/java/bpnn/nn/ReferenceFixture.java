package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.ReferenceBackend;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The reference backend for one test; afterwards no buffer may be left open. */
final class ReferenceFixture implements AfterEachCallback {
    private final ReferenceBackend backend = new ReferenceBackend();
    final Ops ops = new Ops(backend);
    final TensorScope scope = new TensorScope(backend);

    @Override
    public void afterEach(ExtensionContext context) {
        scope.close();
        backend.close();
        assertThat(backend.liveBuffers()).isZero();
    }
}
