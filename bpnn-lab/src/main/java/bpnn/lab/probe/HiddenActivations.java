package bpnn.lab.probe;

import bpnn.nn.BatchNorm;
import bpnn.nn.Dense;
import bpnn.nn.Layer;
import bpnn.nn.Mode;
import bpnn.nn.Network;
import bpnn.nn.Parameter;
import bpnn.spi.Activation;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.List;

/**
 * Passes a batch through a network and gives each hidden layer's pre-activations and activations. The layers compute the
 * activation in place, so the pre-activations are computed once more without it.
 */
final class HiddenActivations {
    private final Ops ops;
    private final Network network;
    private final Tensor[] preactivations;

    HiddenActivations(Ops ops, TensorScope scope, Network network) {
        this.ops = ops;
        this.network = network;
        List<Integer> hidden = network.spec().hidden();
        this.preactivations = new Tensor[hidden.size()];
        for (int i = 0; i < preactivations.length; i++) {
            preactivations[i] = scope.zeros(network.capacity(), hidden.get(i));
        }
    }

    /** Receives each hidden layer, from the first to the last. */
    interface Visitor {
        /**
         * @param layer its number, from 0
         * @param preactivations [images, units]
         * @param activations [images, units]
         */
        void visit(int layer, float[] preactivations, float[] activations);
    }

    void run(Tensor x, Visitor visitor) {
        Tensor value = x;
        int hidden = 0;
        for (Layer layer : network.layers()) {
            boolean activates = layer instanceof BatchNorm
                    || (layer instanceof Dense && !network.spec().batchNorm());
            if (activates && hidden < preactivations.length) {
                Tensor before = preactivations[hidden].firstRows(x.rows());
                preactivation(layer, value, before);
                value = layer.forward(value, Mode.EVALUATE);
                visitor.visit(hidden++, before.toArray(), value.toArray());
            } else {
                value = layer.forward(value, Mode.EVALUATE);
            }
        }
    }

    private void preactivation(Layer layer, Tensor x, Tensor result) {
        Tensor weight = parameter(layer, "weight").value();
        Tensor bias = parameter(layer, "bias").value();
        if (layer instanceof BatchNorm norm) {
            ops.layers()
                    .batchNormInfer(
                            x,
                            weight,
                            bias,
                            BatchNorm.EPSILON,
                            norm.runningMean(),
                            norm.runningVariance(),
                            Activation.IDENTITY,
                            result);
        } else {
            ops.layers().denseForward(x, weight, bias, Activation.IDENTITY, result);
        }
    }

    private Parameter parameter(Layer layer, String part) {
        return network.parameters().get(layer.name() + "." + part);
    }
}
