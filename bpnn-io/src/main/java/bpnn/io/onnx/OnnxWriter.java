package bpnn.io.onnx;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.model.Combination;
import bpnn.io.model.Ensemble;
import bpnn.io.model.FormatMetadata;
import bpnn.io.model.Model;
import bpnn.io.protobuf.ProtoMessage;
import bpnn.nn.ActivationFunction;
import bpnn.nn.BatchNorm;
import bpnn.nn.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes a network, or several that judge together, as an ONNX graph from {@code pixels} [batch, inputs], 0 to 255, over {@code logits} to
 * {@code probabilities} [batch, classes]; the shape of the images and the names of the classes are its metadata. The
 * numbers of fields are those of onnx.proto3.
 */
public final class OnnxWriter {
    private static final String PIXELS = "pixels";
    private static final String LOGITS = "logits";
    private static final String PROBABILITIES = "probabilities";
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final int FLOAT = 1;
    private static final int ATTRIBUTE_FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;
    /** A message of Protocol Buffers has fewer than 2^31 bytes; some are left for the graph. */
    private static final long MOST_WEIGHTS = (Integer.MAX_VALUE - 1_000_000L) / Float.BYTES;

    private final Ensemble ensemble;
    private final ProtoMessage graph = new ProtoMessage();
    private String value = PIXELS;
    private int nodes;
    /** What the names of a member's values begin with; nothing for a single network. */
    private String prefix = "";

    private OnnxWriter(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /** Writes a single network; see {@link #write(Path, Ensemble, String)}. */
    public static void write(Path file, Model model, String version) {
        write(file, Ensemble.of(model), version);
    }

    /**
     * Writes or replaces a file, whole or not at all. Of several networks that judge together the logits are the logarithms of
     * the mean probabilities, or the mean logits.
     *
     * @param version of the program that writes it, which the file names as its producer
     * @throws DataException if that fails, or the networks are too large for the format
     */
    public static void write(Path file, Ensemble ensemble, String version) {
        long weights = ensemble.members().stream()
                .flatMap(model -> model.state().values().stream())
                .mapToLong(tensor -> tensor.values().length)
                .sum();
        if (weights > MOST_WEIGHTS) {
            throw new DataException(file + " could not be written: an ONNX file holds at most " + MOST_WEIGHTS
                    + " weights, but there are " + weights + ".");
        }
        byte[] bytes = new OnnxWriter(ensemble).build(version);
        AtomicFile.write(file, out -> out.write(bytes));
    }

    private byte[] build(String version) {
        graph.text(2, "bpnn");
        Model first = ensemble.first();
        if (ensemble.members().size() == 1) {
            logits(first, LOGITS);
            softmax(PROBABILITIES);
        } else {
            combine();
        }
        graph.message(11, port(PIXELS, first.spec().inputs()));
        graph.message(12, port(PROBABILITIES, first.spec().classes()));
        graph.message(12, port(LOGITS, first.spec().classes()));
        ProtoMessage file = new ProtoMessage()
                .integer(1, IR_VERSION)
                .text(2, "bpnn")
                .text(3, version)
                .message(7, graph)
                .message(8, new ProtoMessage().text(1, "").integer(2, OPSET));
        new TreeMap<>(FormatMetadata.of(first.format()))
                .forEach((name, text) ->
                        file.message(14, new ProtoMessage().text(1, name).text(2, text)));
        return file.toBytes();
    }

    private void combine() {
        List<String> judgements = new ArrayList<>();
        for (int i = 0; i < ensemble.members().size(); i++) {
            prefix = "member" + (i + 1) + ".";
            logits(ensemble.members().get(i), prefix + LOGITS);
            if (ensemble.combination() == Combination.PROBABILITIES) {
                softmax(prefix + PROBABILITIES);
            }
            judgements.add(value);
        }
        if (ensemble.combination() == Combination.PROBABILITIES) {
            node("Mean", judgements, PROBABILITIES);
            node("Log", List.of(value), LOGITS);
        } else {
            node("Mean", judgements, LOGITS);
            softmax(PROBABILITIES);
        }
    }

    private void softmax(String output) {
        node("Softmax", List.of(value), output, attribute("axis", 1L));
    }

    private void logits(Model model, String output) {
        value = PIXELS;
        inputScaling(model);
        int hidden = model.spec().hidden().size();
        for (int layer = 1; layer <= hidden; layer++) {
            dense(model, layer, prefix + "fc" + layer + ".out");
            if (model.spec().batchNorm()) {
                batchNorm(layer);
            }
            activation(model.spec().activation(), prefix + "hidden" + layer);
        }
        dense(model, hidden + 1, output);
        model.state().forEach((name, tensor) -> initializer(prefix + name, tensor));
    }

    private void inputScaling(Model model) {
        initializer(prefix + "inputScale", StateTensor.vector(model.scaling().scale()));
        initializer(prefix + "inputShift", StateTensor.vector(model.scaling().shift()));
        node("Mul", List.of(value, prefix + "inputScale"), prefix + "scaled");
        node("Add", List.of(value, prefix + "inputShift"), prefix + "inputs");
    }

    private void dense(Model model, int layer, String output) {
        String weight = "fc" + layer + ".weight";
        String bias = "fc" + layer + ".bias";
        List<String> inputs = model.state().containsKey(bias)
                ? List.of(value, prefix + weight, prefix + bias)
                : List.of(value, prefix + weight);
        node("Gemm", inputs, output, attribute("transB", 1L));
    }

    private void batchNorm(int layer) {
        String name = prefix + "bn" + layer;
        List<String> inputs =
                List.of(value, name + ".weight", name + ".bias", name + ".running_mean", name + ".running_var");
        node("BatchNormalization", inputs, name + ".out", attribute("epsilon", BatchNorm.EPSILON));
    }

    private void activation(ActivationFunction function, String output) {
        switch (function) {
            case IDENTITY -> node("Identity", List.of(value), output);
            case TANH -> node("Tanh", List.of(value), output);
            case SIGMOID -> node("Sigmoid", List.of(value), output);
            case RELU -> node("Relu", List.of(value), output);
            case LEAKY_RELU -> node("LeakyRelu", List.of(value), output, attribute("alpha", ActivationFunction.SLOPE));
            case SILU -> {
                String x = value;
                node("Sigmoid", List.of(x), output + ".gate");
                node("Mul", List.of(x, value), output);
            }
            case GELU -> gelu(output);
        }
    }

    /** The operator Gelu came with a later version of the format than this one. */
    private void gelu(String output) {
        String x = value;
        initializer(output + ".linear", StateTensor.vector(ActivationFunction.GELU_LINEAR));
        initializer(output + ".cubic", StateTensor.vector(ActivationFunction.GELU_CUBIC));
        node("Mul", List.of(x, x), output + ".square");
        node("Mul", List.of(value, output + ".cubic"), output + ".scaled");
        node("Add", List.of(value, output + ".linear"), output + ".slope");
        node("Mul", List.of(value, x), output + ".polynomial");
        node("Sigmoid", List.of(value), output + ".gate");
        node("Mul", List.of(x, value), output);
    }

    private static ProtoMessage attribute(String name, float number) {
        return new ProtoMessage().text(1, name).real(2, number).integer(20, ATTRIBUTE_FLOAT);
    }

    private static ProtoMessage attribute(String name, long number) {
        return new ProtoMessage().text(1, name).integer(3, number).integer(20, ATTRIBUTE_INT);
    }

    private void node(String operator, List<String> inputs, String output, ProtoMessage... attributes) {
        ProtoMessage node = new ProtoMessage();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(3, "node" + nodes++).text(4, operator);
        for (ProtoMessage attribute : attributes) {
            node.message(5, attribute);
        }
        graph.message(1, node);
        value = output;
    }

    private void initializer(String name, StateTensor tensor) {
        ProtoMessage message = new ProtoMessage();
        tensor.shape().forEach(side -> message.integer(1, side));
        ByteBuffer raw =
                ByteBuffer.allocate(tensor.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(tensor.values());
        graph.message(5, message.integer(2, FLOAT).text(8, name).bytes(9, raw.array()));
    }

    private static ProtoMessage port(String name, int width) {
        ProtoMessage shape = new ProtoMessage()
                .message(1, new ProtoMessage().text(2, "batch"))
                .message(1, new ProtoMessage().integer(1, width));
        ProtoMessage tensor = new ProtoMessage().integer(1, FLOAT).message(2, shape);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }
}
