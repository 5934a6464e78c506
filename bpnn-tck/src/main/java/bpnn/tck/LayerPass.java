package bpnn.tck;

import bpnn.spi.Activation;
import bpnn.spi.Clock;
import bpnn.spi.DropoutSpec;
import bpnn.spi.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The forward and backward pass of a layer as one call. The loss is Σ c y with fixed c, so dy = c.
 *
 * @param layer the name of the layer
 * @param call both passes
 * @param output the operand y
 * @param weights the operand c
 * @param gradients maps each differentiated operand to the operand with its gradient
 */
record LayerPass(String layer, KernelCall call, int output, int weights, Map<Integer, Integer> gradients) {
    private static final int BATCH = 7;
    private static final int IN = 5;
    private static final int OUT = 4;
    private static final float EPSILON = 1e-5f;

    /** Values are multiples of 2⁻¹⁶, so that adding a larger power of two is exact in float32. */
    private static final float GRID = 0x1p16f;

    static List<LayerPass> all(OperandGenerators generators) {
        List<LayerPass> passes = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            passes.add(dense(generators, activation));
        }
        for (Activation activation : Activation.values()) {
            passes.add(batchNorm(generators, activation));
        }
        passes.add(dropout(generators));
        passes.add(softmaxCrossEntropy(generators));
        return passes;
    }

    private static float[] onGrid(OperandGenerator generator, int count, float low, float high) {
        float[] values = generator.uniform(count, low, high);
        for (int i = 0; i < count; i++) {
            values[i] = Math.round(values[i] * GRID) / GRID;
        }
        return values;
    }

    private static LayerPass dense(OperandGenerators generators, Activation activation) {
        OperandGenerator generator = generators.of("Dense " + activation, 0);
        KernelCall call = KernelCall.number(0, activation.toString())
                .input("x", BATCH, IN, onGrid(generator, BATCH * IN, -1, 1))
                .input("W", IN, OUT, onGrid(generator, IN * OUT, -1, 1))
                .input("bias", 1, OUT, onGrid(generator, OUT, -1, 1))
                .input("c", BATCH, OUT, generator.uniform(BATCH * OUT))
                .output("y", BATCH, OUT)
                .output("dz", BATCH, OUT)
                .output("dW", IN, OUT)
                .output("dbias", 1, OUT)
                .output("dx", BATCH, IN)
                .primitive((k, o) -> {
                    k.denseForward(o.get(0), o.get(1), o.get(2), activation, o.get(4));
                    k.activationBackward(activation, o.get(4), o.get(3), o.get(5));
                    k.denseBackward(o.get(0), o.get(1), o.get(5), o.get(6), o.get(7), o.get(8));
                });
        return new LayerPass("Dense with " + activation, call, 4, 3, Map.of(0, 8, 1, 6, 2, 7));
    }

    private static LayerPass batchNorm(OperandGenerators generators, Activation activation) {
        OperandGenerator generator = generators.of("BatchNorm " + activation, 0);
        KernelCall call = KernelCall.number(0, activation.toString())
                .input("x", BATCH, IN, onGrid(generator, BATCH * IN, -1, 1))
                .input("gamma", 1, IN, onGrid(generator, IN, 0.5f, 1.5f))
                .input("beta", 1, IN, onGrid(generator, IN, -1, 1))
                .input("c", BATCH, IN, generator.uniform(BATCH * IN))
                .output("y", BATCH, IN)
                .output("dz", BATCH, IN)
                .output("dgamma", 1, IN)
                .output("dbeta", 1, IN)
                .output("dx", BATCH, IN)
                .updated("runningMean", 1, IN, new float[IN])
                .updated("runningVariance", 1, IN, new float[IN])
                .output("mean", 1, IN)
                .output("inverseStd", 1, IN)
                .primitive((k, o) -> {
                    k.batchNormTrain(
                            o.get(0),
                            o.get(1),
                            o.get(2),
                            EPSILON,
                            0.1f,
                            o.get(9),
                            o.get(10),
                            o.get(11),
                            o.get(12),
                            activation,
                            o.get(4));
                    k.activationBackward(activation, o.get(4), o.get(3), o.get(5));
                    k.batchNormBackward(
                            o.get(0), o.get(1), o.get(11), o.get(12), o.get(5), o.get(6), o.get(7), o.get(8));
                });
        return new LayerPass("BatchNorm with " + activation, call, 4, 3, Map.of(0, 8, 1, 6, 2, 7));
    }

    private static LayerPass dropout(OperandGenerators generators) {
        OperandGenerator generator = generators.of("Dropout", 0);
        DropoutSpec spec = new DropoutSpec(1, 0, 0.4f, false);
        KernelCall call = KernelCall.number(0, spec.toString())
                .input("x", BATCH, IN, onGrid(generator, BATCH * IN, -1, 1))
                .input("c", BATCH, IN, generator.uniform(BATCH * IN))
                .input("clock", ElementType.INT32, 1, Clock.LENGTH, new float[] {0, 0, 3, 1})
                .output("mask", BATCH, IN)
                .output("y", BATCH, IN)
                .output("dx", BATCH, IN)
                .primitive((k, o) -> {
                    k.dropout(o.get(0), spec, o.get(2), o.get(3), o.get(4));
                    k.dropoutBackward(o.get(1), o.get(3), o.get(5));
                });
        return new LayerPass("Dropout", call, 4, 1, Map.of(0, 5));
    }

    /** The loss is the mean, so c is 1 / batch. */
    private static LayerPass softmaxCrossEntropy(OperandGenerators generators) {
        OperandGenerator generator = generators.of("SoftmaxCrossEntropy", 0);
        float[] targets = new float[BATCH * OUT];
        float[] mean = new float[BATCH];
        for (int i = 0; i < BATCH; i++) {
            targets[i * OUT + i % OUT] = 1;
            mean[i] = 1f / BATCH;
        }
        KernelCall call = KernelCall.number(0, "")
                .input("logits", BATCH, OUT, onGrid(generator, BATCH * OUT, -2, 2))
                .input("targets", BATCH, OUT, targets)
                .input("c", BATCH, 1, mean)
                .output("losses", BATCH, 1)
                .output("dlogits", BATCH, OUT)
                .primitive((k, o) -> k.softmaxCrossEntropy(o.get(0), o.get(1), o.get(3), o.get(4)));
        return new LayerPass("SoftmaxCrossEntropy", call, 3, 2, Map.of(0, 4));
    }
}
