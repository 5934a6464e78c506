package bpnn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import bpnn.spi.Activation;
import bpnn.spi.Augmentation;
import bpnn.spi.Axis;
import bpnn.spi.BinaryOp;
import bpnn.spi.Clock;
import bpnn.spi.Distortion;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.spi.Reduction;
import bpnn.spi.ReferenceBackend;
import bpnn.spi.UnaryOp;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The front door rejects invalid operands with a sentence before anything is written. */
class OpsTest {
    private final ReferenceBackend backend = new ReferenceBackend();
    private final Ops ops = new Ops(backend);
    private final TensorScope scope = new TensorScope(backend);

    @AfterEach
    void close() {
        scope.close();
        backend.close();
        assertThat(backend.liveBuffers()).isZero();
    }

    @Test
    void shapesMustMatch() {
        Tensor a = scope.zeros(2, 3);
        Tensor b = scope.zeros(4, 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.gemm(1, a, false, b, false, 0, scope.zeros(2, 5)))
                .withMessage("The product of [2, 3] and [4, 5] needs equal inner dimensions, but they are 3 and 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.gemm(1, a, true, a, false, 0, scope.zeros(2, 2)))
                .withMessage("C must be [3, 3], but is [2, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.zip(BinaryOp.ADD, a, scope.zeros(1, 2), a))
                .withMessageContaining("b must be [2, 3], a row, a column or a scalar of it, but is [1, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.reduce(Reduction.SUM, Axis.ROWS, a, scope.zeros(2, 1)))
                .withMessage("y must be [1, 3], but is [2, 1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.layers().denseForward(a, b, null, Activation.TANH, scope.zeros(2, 5)))
                .withMessage("W must be [3, 5], but is [4, 5]");
    }

    @Test
    void destinationsMustNotOverlapSources() {
        Tensor block = scope.zeros(4, 4);
        Tensor top = block.view(0, new Shape(2, 4));
        Tensor shifted = block.view(4, new Shape(2, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.map(UnaryOp.TANH, top, shifted))
                .withMessage("y is written while x is read, but they overlap");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.gemm(1, block, false, block, false, 0, block))
                .withMessage("C is written while A is read, but they overlap");
        ops.map(UnaryOp.TANH, top, top);
        ops.map(UnaryOp.TANH, top, block.view(8, new Shape(2, 4)));
    }

    @Test
    void layerKernelsCheckTheirOperands() {
        Tensor x = scope.zeros(2, 3);
        Tensor w = scope.zeros(3, 4);
        Tensor y = scope.zeros(2, 4);
        Tensor clock = scope.zeros(ElementType.INT32, 1, Clock.LENGTH);
        DropoutSpec spec = new DropoutSpec(1, 0, 0.5f, false);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.layers()
                        .denseDropoutForward(x, w, null, Activation.TANH, spec, clock, scope.zeros(2, 4), y, y))
                .withMessage("dropped is written while y is read, but they overlap");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.layers()
                        .denseLayerBackward(
                                x, w, Activation.TANH, y, scope.zeros(2, 3), y, scope.zeros(2, 4), null, null, null))
                .withMessage("mask must be [2, 4], but is [2, 3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.layers()
                        .denseLayerBackward(
                                x, w, Activation.TANH, scope.zeros(2, 4), null, y, y, scope.zeros(4, 3), null, null))
                .withMessage("dW must be [3, 4], but is [4, 3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.gatherBatch(
                        w, x, null, scope.zeros(ElementType.INT32, 1, 1), 1, 0, 1, 0, scope.zeros(1, 4), x))
                .withMessage("There must be labels for each of the 3 images, but there are 2 rows of them");
    }

    @Test
    void distortedImagesAreBytesOfTheirSize() {
        Augmentation augmentation = new Augmentation(1, 2, 2, 1, new Distortion(1, 0, 0, 0, 3, 1));
        Tensor clock = scope.zeros(ElementType.INT32, 1, Clock.LENGTH);
        Tensor labels = scope.zeros(3, 2);
        Tensor smoothing = scope.zeros(1, augmentation.smoothingLength());
        for (Tensor images : List.of(scope.zeros(3, 4), scope.zeros(ElementType.UINT8, 3, 5))) {
            Tensor x = scope.zeros(1, images.cols());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ops.gatherAugmented(
                            images, labels, null, clock, augmentation, smoothing, 1, 0, 1, 0, x, scope.zeros(1, 2)))
                    .withMessageStartingWith("The images must hold UINT8 elements in rows of 4");
        }
        Tensor images = scope.zeros(ElementType.UINT8, 3, 4);
        Tensor x = scope.zeros(1, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.gatherAugmented(
                        images, labels, null, clock, augmentation, x, 1, 0, 1, 0, x, scope.zeros(1, 2)))
                .withMessageStartingWith("smoothing must be [1, " + augmentation.smoothingLength() + "]");
        ops.gatherAugmented(images, labels, null, clock, augmentation, smoothing, 1, 0, 1, 0, x, scope.zeros(1, 2));
    }

    @Test
    void typesMustMatch() {
        Tensor bytes = scope.zeros(ElementType.UINT8, 1, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ops.fill(bytes, 1))
                .withMessage("y must hold FLOAT32 elements, but holds UINT8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bytes.set(new float[2]))
                .withMessage("A FLOAT32 array was given for a tensor of UINT8 elements");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope.zeros(1, 2).set(new float[3]))
                .withMessage("A tensor [1, 2] holds 2 elements, but the array has 3");
    }

    @Test
    void tensorsOfAnotherBackendAreRejected() {
        ReferenceBackend other = new ReferenceBackend();
        try (other;
                TensorScope elsewhere = new TensorScope(other)) {
            Tensor foreign = elsewhere.zeros(1, 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ops.fill(foreign, 1))
                    .withMessageContaining("another session");
        }
    }

    @Test
    void aClosedScopeIsDetected() {
        TensorScope brief = new TensorScope(backend);
        Tensor tensor = brief.of(1, 2, 3, 4);
        assertThat(tensor.toArray()).containsExactly(3, 4);
        assertThat(brief.live()).isEqualTo(1);
        brief.close();
        brief.close();
        assertThat(brief.live()).isZero();
        assertThatIllegalStateException().isThrownBy(tensor::toArray);
        assertThatIllegalStateException().isThrownBy(() -> ops.fill(tensor, 1));
        assertThatIllegalStateException().isThrownBy(() -> brief.zeros(1, 1));
    }

    @Test
    void shapesAndViewsStayInBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> scope.zeros(-1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> scope.zeros(1 << 16, 1 << 16));
        Tensor tensor = scope.of(2, 2, 1, 2, 3, 4);
        assertThat(tensor.view(1, new Shape(1, 3)).toArray()).containsExactly(2, 3, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tensor.view(2, new Shape(1, 3)))
                .withMessage("A view [1, 3] from element 2 does not fit into [2, 2] with its 4 elements");
    }
}
