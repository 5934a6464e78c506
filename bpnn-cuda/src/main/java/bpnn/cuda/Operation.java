package bpnn.cuda;

import bpnn.spi.Activation;
import bpnn.spi.Augmentation;
import bpnn.spi.DropoutSpec;
import bpnn.spi.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a training step, a call of {@link bpnn.spi.Kernels}. In a recorded step operations are deferred, so
 * that {@link TrainingStep} can fuse them; otherwise each is launched immediately.
 */
sealed interface Operation {
    /** Launches the operation without fusion. */
    void launch(LayerKernels kernels);

    /** Dropout: random numbers, step counter, mask and output. */
    record Dropout(DropoutSpec spec, Matrix clock, Matrix mask, Matrix dropped) {}

    /** Gathers a batch. */
    sealed interface Batch extends Operation {
        /** The inputs, overwritten. */
        Matrix x();

        /** The targets, overwritten. */
        Matrix targets();
    }

    /** {@link bpnn.spi.Kernels#gatherAugmented}. */
    record GatherAugmented(
            Matrix images,
            Matrix labels,
            @Nullable Matrix order,
            Matrix clock,
            Augmentation augmentation,
            Matrix smoothing,
            float scale,
            float shift,
            float targetScale,
            float targetShift,
            Matrix x,
            Matrix targets)
            implements Batch {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.distortions().gather(this);
        }
    }

    /** {@link bpnn.spi.Kernels#gatherBatch}. */
    record Gather(
            Matrix images,
            Matrix labels,
            @Nullable Matrix order,
            Matrix position,
            float scale,
            float shift,
            float targetScale,
            float targetShift,
            Matrix x,
            Matrix targets)
            implements Batch {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.gather(this);
        }
    }

    /** {@link bpnn.spi.Kernels#gatherRows} of one unscaled row: the rates of a step. */
    record GatherRates(Matrix table, Matrix position, Matrix row) implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.gatherRates(this);
        }
    }

    /** {@link bpnn.spi.Kernels#denseForward} and {@link bpnn.spi.Kernels#denseDropoutForward}. */
    record DenseForward(
            Matrix x,
            Matrix w,
            @Nullable Matrix bias,
            Activation activation,
            Matrix y,
            @Nullable Dropout drop) implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.forward(this, null);
        }

        Matrix output() {
            return drop == null ? y : drop.dropped();
        }
    }

    /** {@link bpnn.spi.Kernels#batchNormTrain} and {@link bpnn.spi.Kernels#batchNormDropoutTrain}. */
    record NormForward(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            float rate,
            Matrix runningMean,
            Matrix runningVariance,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y,
            @Nullable Dropout drop)
            implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.normForward(this);
        }

        Matrix output() {
            return drop == null ? y : drop.dropped();
        }
    }

    /** {@link bpnn.spi.Kernels#trainingLoss}. */
    record Loss(Matrix logits, Matrix targets, Matrix losses, Matrix dlogits, Matrix clock, Matrix history)
            implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.loss(this);
        }
    }

    /** {@link bpnn.spi.Kernels#denseLayerBackward}; {@code y} is null without an activation. */
    record DenseBackward(
            Matrix x,
            Matrix w,
            Activation activation,
            @Nullable Matrix y,
            @Nullable Matrix mask,
            Matrix dy,
            Matrix dz,
            @Nullable Matrix dw,
            @Nullable Matrix dbias,
            @Nullable Matrix dx)
            implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.backward(this);
        }

        /** Whether dz is dy, so that only the GEMMs remain. */
        boolean isGemmOnly() {
            return activation == Activation.IDENTITY && mask == null && dz.equals(dy);
        }
    }

    /** {@link bpnn.spi.Kernels#batchNormLayerBackward}. */
    record NormBackward(
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y,
            @Nullable Matrix mask,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx)
            implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.normBackward(this);
        }
    }

    /** The kind of optimiser. */
    enum Optimiser {
        SGD,
        MOMENTUM,
        ADAM
    }

    /**
     * An optimiser step.
     *
     * @param first the first state tensor; null for none
     * @param second the second state tensor; null for none
     * @param a the first constant, {@code b} the second
     */
    record Update(
            Optimiser optimiser,
            Matrix w,
            Matrix g,
            @Nullable Matrix first,
            @Nullable Matrix second,
            float a,
            float b,
            Matrix rates)
            implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.update(this);
        }
    }

    /** {@link bpnn.spi.Kernels#advance}. */
    record Advance(Matrix clock, int batch) implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.advance(this);
        }
    }
}
