package bpnn.bench.jmh;

import bpnn.bench.Variant;
import bpnn.spi.Activation;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Shape;
import bpnn.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Every fused kernel at the sizes of the training step: a hidden layer of 512 units behind another, ten classes, and for
 * optimisers the weights of the first layer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = Jvm.VECTORS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class KernelBenchmark {
    private static final int IMAGES = 8192;
    private static final float EPSILON = 1e-5f;
    private static final float MOMENTUM = 0.1f;
    private static final DropoutSpec DROPOUT = new DropoutSpec(1, 0, Variant.RATE, false);

    /** Images in a step. */
    @Param({"32", "128", "512"})
    public int batch;

    private BackendState backend;
    private Ops ops;
    private Tensor images;
    private Tensor order;
    private Tensor clock;
    private Tensor inputs;
    private Tensor x;
    private Tensor y;
    private Tensor dy;
    private Tensor mask;
    private Tensor w;
    private Tensor dw;
    private Tensor[] row;
    private Tensor logits;
    private Tensor targets;
    private Tensor dlogits;
    private Tensor losses;
    private Tensor history;
    private Tensor values;
    private Tensor gradient;
    private Tensor first;
    private Tensor second;
    private Tensor rate;
    private Tensor rates;

    /** Fills the operands. */
    @Setup
    public void fill(BackendState state) {
        backend = state;
        ops = state.ops();
        int n = Variant.HIDDEN;
        images = state.zeros(ElementType.UINT8, IMAGES, Variant.INPUTS);
        order = state.zeros(ElementType.INT32, 1, IMAGES);
        clock = state.zeros(ElementType.INT32, 1, Clock.LENGTH);
        inputs = state.noise(batch, Variant.INPUTS);
        x = state.noise(batch, n);
        y = state.noise(batch, n);
        dy = state.noise(batch, n);
        mask = state.noise(batch, n);
        w = state.noise(n, n);
        dw = state.noise(n, n);
        row = new Tensor[8];
        for (int i = 0; i < row.length; i++) {
            row[i] = state.noise(1, n);
            ops.fill(row[i], 1);
        }
        logits = state.noise(batch, Variant.CLASSES);
        targets = state.noise(batch, Variant.CLASSES);
        ops.fill(targets, 1f / Variant.CLASSES);
        dlogits = state.noise(batch, Variant.CLASSES);
        losses = state.noise(batch, 1);
        history = state.noise(1, 1);
        fillWeights(state);
    }

    private void fillWeights(BackendState state) {
        values = state.noise(Variant.INPUTS, Variant.HIDDEN);
        gradient = state.noise(Variant.INPUTS, Variant.HIDDEN);
        first = state.zeros(ElementType.FLOAT32, Variant.INPUTS, Variant.HIDDEN);
        second = state.zeros(ElementType.FLOAT32, Variant.INPUTS, Variant.HIDDEN);
        rate = state.zeros(ElementType.FLOAT32, 1, 1);
        rates = state.zeros(ElementType.FLOAT32, 1, 3);
        rate.set(new float[] {1e-6f});
        rates.set(new float[] {1e-6f, 1, 1e-8f});
    }

    /** Waits for a device. */
    @TearDown
    public void finish() {
        backend.synchronize();
    }

    /** A batch gathered from uint8 images. */
    @Benchmark
    public void gatherRows() {
        ops.gatherRows(images, order, clock.view(Clock.BATCH, new Shape(1, 1)), 1f / 255, 0, inputs);
        backend.synchronize();
    }

    /** tanh(x W + b). */
    @Benchmark
    public void denseForward() {
        ops.denseForward(x, w, row[0], Activation.TANH, y);
        backend.synchronize();
    }

    /** Gradients by weights, bias and input. */
    @Benchmark
    public void denseBackward() {
        ops.denseBackward(x, w, dy, dw, row[0], y);
        backend.synchronize();
    }

    /** Through tanh. */
    @Benchmark
    public void activationBackward() {
        ops.activationBackward(Activation.TANH, x, dy, y);
        backend.synchronize();
    }

    /** Batch statistics, normalisation and tanh. */
    @Benchmark
    public void batchNormTrain() {
        ops.batchNormTrain(x, row[0], row[1], EPSILON, MOMENTUM, row[2], row[3], row[4], row[5], Activation.TANH, y);
        backend.synchronize();
    }

    /** Normalisation by running statistics, and tanh. */
    @Benchmark
    public void batchNormInfer() {
        ops.batchNormInfer(x, row[0], row[1], EPSILON, row[2], row[3], Activation.TANH, y);
        backend.synchronize();
    }

    /** Through batch normalisation. */
    @Benchmark
    public void batchNormBackward() {
        ops.batchNormBackward(x, row[0], row[4], row[5], dy, row[6], row[7], y);
        backend.synchronize();
    }

    /** A mask drawn and applied. */
    @Benchmark
    public void dropout() {
        ops.dropout(x, DROPOUT, clock, mask, y);
        backend.synchronize();
    }

    /** Through dropout. */
    @Benchmark
    public void dropoutBackward() {
        ops.dropoutBackward(dy, mask, y);
        backend.synchronize();
    }

    /** Loss and its gradient. */
    @Benchmark
    public void softmaxCrossEntropy() {
        ops.softmaxCrossEntropy(logits, targets, losses, dlogits);
        backend.synchronize();
    }

    /** The mean of the losses. */
    @Benchmark
    public void recordLoss() {
        ops.recordLoss(losses, clock, history);
        backend.synchronize();
    }

    /** The greatest logit. */
    @Benchmark
    public void argmax() {
        ops.argmax(logits, losses);
        backend.synchronize();
    }

    /** Gradient descent over the first layer's weights. */
    @Benchmark
    public void sgd() {
        ops.sgd(values, gradient, rate);
        backend.synchronize();
    }

    /** The same with momentum. */
    @Benchmark
    public void momentum() {
        ops.momentum(values, gradient, first, 0.9f, rate);
        backend.synchronize();
    }

    /** Adam over the first layer's weights. */
    @Benchmark
    public void adam() {
        ops.adam(values, gradient, first, second, 0.9f, 0.999f, rates);
        backend.synchronize();
    }
}
