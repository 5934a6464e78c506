package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import bpnn.spi.DropoutSpec;
import org.junit.jupiter.api.Test;

class DropoutMasksTest {
    private static final int SEED = 7;
    private static final int STEP = 5;
    private static final int LAYER = 2;
    private static final int COUNT = 4096;

    /** A unit is dropped only if its word is strictly below the threshold. */
    @Test
    void aWordEqualToTheThresholdKeepsTheUnit() {
        int[] words = new int[COUNT];
        for (int i = 0; i < COUNT; i += DropoutMasks.WORDS) {
            Philox.block(SEED, 0, Purpose.DROPOUT.code(), STEP, LAYER, i / DropoutMasks.WORDS, words, i);
        }
        int index = 0;
        while ((words[index] & 0xFF) != 0) {
            index++;
        }
        // A word with eight trailing zero bits is exact in float32.
        DropoutSpec spec = new DropoutSpec(SEED, LAYER, Integer.toUnsignedLong(words[index]) * 0x1p-32f, false);
        assertThat(spec.threshold()).isEqualTo(words[index]);
        float[] mask = new float[COUNT];
        masks().draw(spec, STEP, 0, mask, 0, COUNT);
        assertThat(mask[index]).isEqualTo(spec.scale());
        assertThat(mask).contains(0f);
    }

    private static DropoutMasks masks() {
        return VectorWidth.requested() == VectorWidth.SCALAR
                ? Arithmetic.scalar().masks()
                : Arithmetic.vector().masks();
    }
}
