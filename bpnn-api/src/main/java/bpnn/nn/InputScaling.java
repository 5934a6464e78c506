package bpnn.nn;

import bpnn.data.Dataset;

/**
 * The scaling of pixels to inputs: fma(pixel, scale, shift).
 *
 * @param scale multiplier
 * @param shift added after scaling
 */
public record InputScaling(float scale, float shift) {
    /** Raw pixels, 0 to 255. */
    public static InputScaling none() {
        return new InputScaling(1, 0);
    }

    /** Pixels / 255, in [0, 1]. */
    public static InputScaling unit() {
        return new InputScaling(1f / 255, 0);
    }

    /** Mean 0 and variance 1 over all pixels of a data set: (pixel - μ) / σ. Computed in integers and float64. */
    public static InputScaling standard(Dataset data) {
        long sum = 0;
        long squares = 0;
        int end = data.start(data.size());
        for (int i = data.start(0); i < end; i++) {
            long value = data.storage()[i] & 0xFF;
            sum += value;
            squares += value * value;
        }
        double count = Math.max(end - data.start(0), 1);
        double mean = sum / count;
        double std = StrictMath.sqrt(squares / count - mean * mean);
        if (!(std > 0)) {
            throw new IllegalArgumentException("All pixels of " + data.name()
                    + " are equal, so they cannot be standardised; choose another normalisation");
        }
        return standard(mean, std);
    }

    /** (pixel - μ) / σ. */
    public static InputScaling standard(double mean, double deviation) {
        return new InputScaling((float) (1 / deviation), (float) (-mean / deviation));
    }
}
