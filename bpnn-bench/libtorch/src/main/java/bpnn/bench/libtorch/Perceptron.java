package bpnn.bench.libtorch;

import bpnn.bench.Variant;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** 784-512-512-10 with tanh; a layer in front of a batch normalisation has no bias. */
final class Perceptron {
    private final Variant variant;
    private final Module module = new Module("perceptron");
    private final List<LinearImpl> dense = new ArrayList<>();
    private final List<BatchNorm1dImpl> norms = new ArrayList<>();

    Perceptron(Variant variant) {
        this.variant = variant;
        boolean norm = variant == Variant.BATCH_NORM;
        addDense(Variant.INPUTS, Variant.HIDDEN, !norm);
        addDense(Variant.HIDDEN, Variant.HIDDEN, !norm);
        addDense(Variant.HIDDEN, Variant.CLASSES, true);
        for (int i = 0; norm && i < 2; i++) {
            norms.add(module.register_module("bn" + i, new BatchNorm1dImpl(new BatchNormOptions(Variant.HIDDEN))));
        }
    }

    private void addDense(int inputs, int outputs, boolean bias) {
        LinearOptions options = new LinearOptions(inputs, outputs);
        options.bias().put(bias);
        dense.add(module.register_module("fc" + dense.size(), new LinearImpl(options)));
    }

    TensorVector parameters() {
        return module.parameters();
    }

    /** Sets all gradients to none, so that the next ones need not be added. */
    void forgetGradients() {
        module.zero_grad(true);
    }

    /** The logits of a batch, in training. */
    Tensor forward(Tensor x) {
        Tensor value = x;
        for (int i = 0; i < 2; i++) {
            value = dense.get(i).forward(value);
            if (variant == Variant.BATCH_NORM) {
                value = norms.get(i).forward(value);
            }
            value = torch.tanh(value);
            if (variant == Variant.DROPOUT) {
                value = torch.dropout(value, Variant.RATE, true);
            }
        }
        return dense.get(2).forward(value);
    }
}
