package bpnn.cpu;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import bpnn.spi.DropoutSpec;

/** Generates dropout masks, in plain Java. */
class DropoutMasks {
    /** Random words in a block of Philox. */
    static final int WORDS = 4;

    /**
     * Sets {@code mask[start + i]} to 0 if random word {@code first + i} is below the threshold, else to the scale.
     *
     * @param step the step of the Philox counter
     */
    void draw(DropoutSpec spec, int step, int first, float[] mask, int start, int count) {
        int key0 = (int) spec.seed();
        int key1 = (int) (spec.seed() >>> 32);
        int threshold = spec.threshold();
        float scale = spec.scale();
        int[] words = new int[WORDS];
        int done = 0;
        while (done < count) {
            int index = first + done;
            Philox.block(key0, key1, Purpose.DROPOUT.code(), step, spec.layer(), index / WORDS, words, 0);
            for (int j = index % WORDS; j < WORDS && done < count; j++) {
                mask[start + done++] = Integer.compareUnsigned(words[j], threshold) < 0 ? 0f : scale;
            }
        }
    }
}
