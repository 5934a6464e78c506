package bpnn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Backend;
import bpnn.spi.ElementType;
import bpnn.spi.ReferenceBackend;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class TensorScopeTest {
    private static final int PADDING = 3;

    /** The reference backend with alignment padding. */
    private static Backend padded(Backend reference) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    boolean asksForFloats =
                            method.getName().equals("alignmentPadding") && arguments[0].equals(ElementType.FLOAT32);
                    return asksForFloats ? PADDING : method.invoke(reference, arguments);
                });
    }

    @Test
    void aMatrixStartsAfterThePadding() {
        try (Backend backend = padded(new ReferenceBackend());
                TensorScope scope = new TensorScope(backend)) {
            Tensor tensor = scope.of(2, 2, 1, 2, 3, 4);
            Tensor counters = scope.zeros(ElementType.INT32, 1, 2);

            assertThat(tensor.matrix().offset()).isEqualTo(PADDING);
            assertThat(tensor.matrix().buffer().length()).isEqualTo(PADDING + 4);
            assertThat(tensor.toArray()).containsExactly(1, 2, 3, 4);
            assertThat(tensor.view(2, new Shape(1, 2)).toArray()).containsExactly(3, 4);
            assertThat(counters.matrix().offset()).isZero();
            assertThat(counters.matrix().buffer().length()).isEqualTo(2);
        }
    }
}
