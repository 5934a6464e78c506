package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.Dataset;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InputScalingTest {
    private static final byte[] PIXELS = {0, 7, (byte) 255, 100, (byte) 200, 3};

    private static Dataset images(byte... pixels) {
        return new Dataset("tiny", 1, 1, 1, pixels, new byte[pixels.length]);
    }

    @Test
    void standardisedPixelsHaveMeanZeroAndVarianceOne() {
        InputScaling scaling = InputScaling.standard(images(PIXELS));
        double sum = 0;
        double squares = 0;
        for (byte pixel : PIXELS) {
            double input = (pixel & 0xFF) * (double) scaling.scale() + scaling.shift();
            sum += input;
            squares += input * input;
        }
        assertThat(scaling.scale()).isPositive();
        assertThat(sum / PIXELS.length).isCloseTo(0, Offset.offset(1e-6));
        assertThat(squares / PIXELS.length).isCloseTo(1, Offset.offset(1e-6));
    }

    @Test
    void constantPixelsCannotBeStandardised() {
        assertThatThrownBy(() -> InputScaling.standard(images((byte) 9, (byte) 9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("equal");
    }

    @Test
    void noneAndUnitScaling() {
        assertThat(InputScaling.none()).isEqualTo(new InputScaling(1, 0));
        assertThat(255 * InputScaling.unit().scale()).isEqualTo(1f);
        assertThat(InputScaling.unit().shift()).isZero();
    }
}
