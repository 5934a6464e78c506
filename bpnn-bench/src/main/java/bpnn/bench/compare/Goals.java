package bpnn.bench.compare;

import bpnn.bench.FmaPeak;
import bpnn.bench.Variant;

/**
 * What the program should reach, which depends on the length of the vectors.
 *
 * @param product each product of the wide layers at batch 128, in percent of the fma peak
 * @param plain a whole step at batch 128, in percent of the fma peak
 * @param dropout the same with dropout
 * @param batchNorm the same with batch normalisation
 * @param small a whole step at batch 32
 * @param large a whole step at batch 512
 * @param pyTorchSmall PyTorch's time over the program's at batch 32
 */
record Goals(
        double product,
        double plain,
        double dropout,
        double batchNorm,
        double small,
        double large,
        double pyTorchSmall) {

    /** PyTorch's time over the program's at batch 512. */
    static final double PYTORCH_LARGE = 1.5;

    /** The goals for vectors of so many bits. */
    static Goals of(int bits) {
        return bits >= FmaPeak.WIDE_BITS
                ? new Goals(90, 80, 76, 74, 65, 80, 3.0)
                : new Goals(85, 75, 70, 68, 65, 75, 2.5);
    }

    /** A whole step at batch 128, in percent of the fma peak. */
    double step(Variant variant) {
        return switch (variant) {
            case PLAIN -> plain;
            case DROPOUT -> dropout;
            case BATCH_NORM -> batchNorm;
        };
    }
}
