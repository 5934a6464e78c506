package bpnn.nd4j;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import bpnn.spi.DropoutSpec;
import bpnn.spi.Matrix;

/** Generates dropout masks on the host, because ND4J does not have Philox. */
final class DropoutMasks {
    private int[] words = {};
    private float[] values = {};

    /** Overwrites {@code mask} with the mask of a step; see {@link bpnn.spi.Kernels#dropout}. */
    void draw(DropoutSpec spec, int step, Matrix mask) {
        int drawn = spec.perBatch() ? mask.cols() : mask.size();
        if (words.length < drawn) {
            words = new int[drawn];
            values = new float[drawn];
        }
        Philox.fill(spec.seed(), Purpose.DROPOUT, step, spec.layer(), 0, words, 0, drawn);
        for (int i = 0; i < drawn; i++) {
            values[i] = Integer.compareUnsigned(words[i], spec.threshold()) < 0 ? 0f : spec.scale();
        }
        for (int first = 0; first < mask.size(); first += drawn) {
            mask.buffer().upload(mask.offset() + first, values, 0, drawn);
        }
    }
}
