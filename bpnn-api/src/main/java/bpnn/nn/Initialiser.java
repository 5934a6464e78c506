package bpnn.nn;

import bpnn.random.Philox;
import bpnn.random.Purpose;

/** Initial weights of a Dense layer; its bias starts at 0. */
public enum Initialiser {
    /** Uniform in ±√(6 / (in + out)) (X. Glorot and Y. Bengio, 2010, equation 16). */
    XAVIER,
    /** Uniform in ±√(6 / in) (K. He et al., 2015, equation 10, as a uniform distribution of the same variance). */
    HE,
    /** All zero, to demonstrate that the units of a layer then never become different. */
    ZERO;

    /**
     * The weights of a layer, [out, in] row-major: element i is drawn from word i of the stream {@code layer}.
     *
     * @param layer index of the Dense layer, from 0
     */
    float[] draw(int in, int out, long seed, int layer) {
        float[] weights = new float[in * out];
        if (this == ZERO) {
            return weights;
        }
        int[] words = new int[weights.length];
        Philox.fill(seed, Purpose.WEIGHTS, 0, layer, 0, words, 0, words.length);
        float limit = (float) StrictMath.sqrt(6.0 / (this == XAVIER ? in + out : in));
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (2f * Philox.toUnitFloat(words[i]) - 1f) * limit;
        }
        return weights;
    }
}
