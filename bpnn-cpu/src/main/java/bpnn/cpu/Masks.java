package bpnn.cpu;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import bpnn.spi.DropoutSpec;

/** Draws dropout masks, in plain Java. */
class Masks {
    /** Random words in a block of Philox. */
    static final int WORDS = 4;

    /**
     * Sets {@code mask[start + i]} to 0 where the word of index {@code first + i} is below the threshold, else to the
     * scale.
     *
     * @param step the step of the words' stream
     * @param first a multiple of {@value #WORDS}
     */
    void draw(DropoutSpec spec, int step, int first, float[] mask, int start, int count) {
        int key0 = (int) spec.seed();
        int key1 = (int) (spec.seed() >>> 32);
        int threshold = spec.threshold();
        float scale = spec.scale();
        int[] words = new int[WORDS];
        for (int i = 0; i < count; i += WORDS) {
            Philox.block(key0, key1, Purpose.DROPOUT.code(), step, spec.layer(), (first + i) / WORDS, words, 0);
            for (int j = 0; j < Math.min(WORDS, count - i); j++) {
                mask[start + i + j] = Integer.compareUnsigned(words[j], threshold) < 0 ? 0f : scale;
            }
        }
    }
}
