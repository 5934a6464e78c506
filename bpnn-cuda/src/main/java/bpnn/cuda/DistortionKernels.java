package bpnn.cuda;

import bpnn.spi.Augmentation;
import bpnn.spi.Distortion;
import bpnn.spi.Matrix;
import bpnn.spi.Scratch;
import jcuda.driver.CUfunction;

/** Gathers randomly distorted images, a block for each. */
final class DistortionKernels {
    /** The scratch slot of noise and smoothed noise. */
    private static final int FIELDS = 8;

    private final Launch launch;
    private final Scratch scratch;
    private final CUfunction gatherAugmented;

    DistortionKernels(Program program, Launch launch, Scratch scratch) {
        this.launch = launch;
        this.scratch = scratch;
        gatherAugmented = program.kernel("gather_augmented");
    }

    void gather(Operation.GatherAugmented op) {
        int batch = op.x().rows();
        if (batch == 0) {
            return;
        }
        Augmentation augmentation = op.augmentation();
        Distortion distortion = augmentation.distortion();
        int fieldLength = 2 * augmentation.knotRows() * (augmentation.knotCols() + augmentation.width());
        Matrix fields = augmentation.isElastic() ? scratch.matrix(FIELDS, batch, fieldLength) : null;
        launch.of(gatherAugmented, batch)
                .structure()
                .integer((int) augmentation.seed())
                .integer((int) (augmentation.seed() >>> 32))
                .integer(augmentation.height())
                .integer(augmentation.width())
                .integer(augmentation.channels())
                .integer(augmentation.knotRows())
                .integer(augmentation.knotCols())
                .real(augmentation.tangent())
                .real(distortion.scale())
                .real(distortion.shear())
                .real(distortion.shift())
                .end()
                .matrix(op.images())
                .matrix(op.labels())
                .flag(LayerKernels.holdsBytes(op.labels()))
                .matrix(op.order())
                .matrix(op.clock())
                .matrix(op.smoothing())
                .matrix(fields)
                .integer(fieldLength)
                .real(op.scale())
                .real(op.shift())
                .real(op.targetScale())
                .real(op.targetShift())
                .matrix(op.x())
                .matrix(op.targets())
                .integer(op.targets().cols())
                .run();
    }
}
