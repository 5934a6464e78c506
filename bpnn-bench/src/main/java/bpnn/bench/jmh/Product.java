package bpnn.bench.jmh;

import bpnn.bench.Variant;
import java.util.Locale;

/** A product of the training step: of which layer, and which of its three. */
public enum Product {
    FC1_FORWARD(Kind.FORWARD, Variant.INPUTS, Variant.HIDDEN),
    FC2_FORWARD(Kind.FORWARD, Variant.HIDDEN, Variant.HIDDEN),
    FC3_FORWARD(Kind.FORWARD, Variant.HIDDEN, Variant.CLASSES),
    FC1_WEIGHT_GRADIENT(Kind.WEIGHT_GRADIENT, Variant.INPUTS, Variant.HIDDEN),
    FC2_WEIGHT_GRADIENT(Kind.WEIGHT_GRADIENT, Variant.HIDDEN, Variant.HIDDEN),
    FC3_WEIGHT_GRADIENT(Kind.WEIGHT_GRADIENT, Variant.HIDDEN, Variant.CLASSES),
    FC2_INPUT_GRADIENT(Kind.INPUT_GRADIENT, Variant.HIDDEN, Variant.HIDDEN),
    FC3_INPUT_GRADIENT(Kind.INPUT_GRADIENT, Variant.HIDDEN, Variant.CLASSES);

    /** Which product of a layer y = x W. */
    enum Kind {
        /** y = x W. */
        FORWARD,
        /** dW = xᵀ dy. */
        WEIGHT_GRADIENT,
        /** dx = dy Wᵀ. */
        INPUT_GRADIENT
    }

    private final Kind kind;
    private final int inputs;
    private final int outputs;

    Product(Kind kind, int inputs, int outputs) {
        this.kind = kind;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    Kind kind() {
        return kind;
    }

    int inputs() {
        return inputs;
    }

    int outputs() {
        return outputs;
    }

    /** Whether it is of a hidden layer, and not of the ten outputs. */
    public boolean isWide() {
        return outputs > Variant.CLASSES;
    }

    /** In words, such as "weight gradient 512x512". */
    public String words() {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + inputs + "x" + outputs;
    }

    /** Floating-point operations; an fma is two. */
    public double flops(int batch) {
        return 2.0 * batch * inputs * outputs;
    }
}
