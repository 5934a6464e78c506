package bpnn.cuda;

import bpnn.spi.Activation;
import bpnn.spi.DropoutSpec;
import bpnn.spi.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * What a training step is made of, as {@link bpnn.spi.Kernels} was asked for it. In a recorded step operations are put off
 * until it is known what follows them, and {@link TrainingStep} joins them; elsewhere each is launched at once.
 */
sealed interface Operation {
    /** Launches it alone. */
    void launch(LayerKernels kernels);

    /** A layer's random numbers, and where the step is that chooses them. */
    record Drop(DropoutSpec spec, Matrix clock, Matrix mask, Matrix dropped) {}

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
            implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.gather(this);
        }
    }

    /** {@link bpnn.spi.Kernels#gatherRows} of one row as it stands in the table: the rates of a step. */
    record TakeRow(Matrix table, Matrix position, Matrix row) implements Operation {
        @Override
        public void launch(LayerKernels kernels) {
            kernels.takeRow(this);
        }
    }

    /** {@link bpnn.spi.Kernels#denseForward} and {@link bpnn.spi.Kernels#denseDropoutForward}. */
    record DenseForward(
            Matrix x,
            Matrix w,
            @Nullable Matrix bias,
            Activation activation,
            Matrix y,
            @Nullable Drop drop) implements Operation {
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
            @Nullable Drop drop)
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

    /** {@link bpnn.spi.Kernels#denseLayerBackward}; {@code y} is null where there is no activation. */
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

        /** Whether dz is dy. */
        boolean isProductAlone() {
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

    /** Which optimiser. */
    enum Optimiser {
        SGD,
        MOMENTUM,
        ADAM
    }

    /**
     * A step of an optimiser.
     *
     * @param first the first block of its state; null where there is none
     * @param second the second one
     * @param a its first constant, and {@code b} the second
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
