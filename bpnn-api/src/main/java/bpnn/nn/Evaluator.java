package bpnn.nn;

import bpnn.data.Dataset;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a network in {@link Mode#EVALUATE} over a data set. The result does not depend on the batch size: examples do
 * not affect each other, and the losses are summed one by one in float64.
 */
public final class Evaluator {
    private final Ops ops;
    private final Network network;
    private final InputScaling scaling;
    private final SoftmaxCrossEntropy loss;
    private final Tensor position;
    private final Tensor inputs;
    private final Tensor targets;
    private final Tensor classes;

    public Evaluator(Ops ops, TensorScope scope, Network network, InputScaling scaling) {
        NetworkSpec spec = network.spec();
        int capacity = network.capacity();
        this.ops = ops;
        this.network = network;
        this.scaling = scaling;
        this.loss = new SoftmaxCrossEntropy(ops, scope, spec.classes(), capacity);
        this.position = scope.zeros(ElementType.INT32, 1, 1);
        this.inputs = scope.zeros(capacity, spec.inputs());
        this.targets = scope.zeros(capacity, spec.classes());
        this.classes = scope.zeros(capacity, 1);
    }

    /** Loss, accuracy and predictions over all images of {@code data}. */
    public Evaluation evaluate(DeviceData data) {
        check(data.source());
        int[] predictions = new int[data.size()];
        float[] losses = new float[data.size()];
        int correct = 0;
        double sum = 0;
        for (int start = 0; start < data.size(); start += network.capacity()) {
            int batch = Math.min(network.capacity(), data.size() - start);
            Tensor logits = forward(data, start, batch);
            Tensor batchTargets = targets.firstRows(batch);
            ops.gatherRows(data.oneHot(), null, position, 1, 0, batchTargets);
            float[] batchLosses = loss.losses(logits, batchTargets).toArray();
            Tensor predicted = classes.firstRows(batch);
            ops.argmax(logits, predicted);
            float[] batchClasses = predicted.toArray();
            for (int i = 0; i < batch; i++) {
                losses[start + i] = batchLosses[i];
                sum += batchLosses[i];
                predictions[start + i] = (int) batchClasses[i];
                correct += predictions[start + i] == data.source().label(start + i) ? 1 : 0;
            }
        }
        int count = Math.max(data.size(), 1);
        return new Evaluation(sum / count, (double) correct / count, predictions, losses);
    }

    /** Class probabilities of every image: the softmax of the logits, computed in float64 on the host. */
    public float[][] probabilities(Dataset images) {
        float[][] result = logits(images);
        for (float[] row : result) {
            System.arraycopy(softmax(row, 0, row.length), 0, row, 0, row.length);
        }
        return result;
    }

    /** The logits of every image, a row each. */
    public float[][] logits(Dataset images) {
        check(images);
        float[][] result = new float[images.size()][];
        try (TensorScope scope = new TensorScope(ops.backend())) {
            DeviceData data = DeviceData.copyOf(images, scope);
            for (int start = 0; start < data.size(); start += network.capacity()) {
                int batch = Math.min(network.capacity(), data.size() - start);
                float[] logits = forward(data, start, batch).toArray();
                for (int i = 0; i < batch; i++) {
                    int from = i * images.classes();
                    result[start + i] = Arrays.copyOfRange(logits, from, from + images.classes());
                }
            }
        }
        return result;
    }

    /**
     * Classifies one image and returns the hidden activations as well.
     *
     * @param image a data set of one image
     */
    public Prediction predict(Dataset image) {
        check(image);
        if (image.size() != 1) {
            throw new IllegalArgumentException("One image is predicted at a time, but there are " + image.size());
        }
        try (TensorScope scope = new TensorScope(ops.backend())) {
            Tensor value = inputs(DeviceData.copyOf(image, scope), 0, 1);
            List<float[]> hidden = new ArrayList<>();
            for (Layer layer : network.layers()) {
                if (layer instanceof Dense && layer != network.layers().get(0)) {
                    hidden.add(value.toArray());
                }
                value = layer.forward(value, Mode.EVALUATE);
            }
            return new Prediction(hidden, softmax(value.toArray(), 0, image.classes()));
        }
    }

    private Tensor forward(DeviceData data, int start, int batch) {
        return network.forward(inputs(data, start, batch), Mode.EVALUATE);
    }

    private Tensor inputs(DeviceData data, int start, int batch) {
        position.set(new int[] {start});
        Tensor x = inputs.firstRows(batch);
        ops.gatherRows(data.images(), null, position, scaling.scale(), scaling.shift(), x);
        return x;
    }

    private void check(Dataset data) {
        NetworkSpec spec = network.spec();
        if (data.features() != spec.inputs() || data.classes() != spec.classes()) {
            throw new IllegalArgumentException("The network takes " + spec.inputs() + " values and tells "
                    + spec.classes() + " classes apart, but the data have " + data.features() + " values and "
                    + data.classes() + " classes");
        }
    }

    /** The softmax of {@code count} logits, computed in float64. */
    public static float[] softmax(float[] logits, int from, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < count; j++) {
            max = Math.max(max, logits[from + j]);
        }
        double sum = 0;
        for (int j = 0; j < count; j++) {
            sum += StrictMath.exp(logits[from + j] - max);
        }
        float[] result = new float[count];
        for (int j = 0; j < count; j++) {
            result[j] = (float) (StrictMath.exp(logits[from + j] - max) / sum);
        }
        return result;
    }
}
