package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import bpnn.spi.DropoutSpec;
import org.junit.jupiter.api.Test;

class MasksTest {
    private static final int SEED = 7;
    private static final int STEP = 5;
    private static final int LAYER = 2;
    private static final int COUNT = 4096;

    /** Only words below the threshold drop their units: with a rate that makes it one of the words, that unit is kept. */
    @Test
    void aWordAtTheThresholdKeepsItsUnit() {
        int[] words = new int[COUNT];
        for (int i = 0; i < COUNT; i += Masks.WORDS) {
            Philox.block(SEED, 0, Purpose.DROPOUT.code(), STEP, LAYER, i / Masks.WORDS, words, i);
        }
        int place = 0;
        while ((words[place] & 0xFF) != 0) {
            place++;
        }
        // A word that ends with eight zeros is exact in float32.
        DropoutSpec spec = new DropoutSpec(SEED, LAYER, Integer.toUnsignedLong(words[place]) * 0x1p-32f, false);
        assertThat(spec.threshold()).isEqualTo(words[place]);
        float[] mask = new float[COUNT];
        masks().draw(spec, STEP, 0, mask, 0, COUNT);
        assertThat(mask[place]).isEqualTo(spec.scale());
        assertThat(mask).contains(0f);
    }

    private static Masks masks() {
        return Width.requested() == Width.SCALAR
                ? Arithmetic.scalar().masks()
                : Arithmetic.vector().masks();
    }
}
