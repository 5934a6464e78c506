package bpnn.nn;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.BinaryOp;
import bpnn.spi.Clock;
import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.tck.oracle.Float64Backend;
import bpnn.tensor.Float64View;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/** Compares gradients in float64 with central differences. */
final class GradientCheck {
    /** The step h of (L(w + h) - L(w - h)) / 2h. */
    static final double STEP = 1e-5;
    /** The maximum relative error, by norm per tensor, of a correct gradient. */
    static final double THRESHOLD = 1e-7;

    private static final double FLOOR = 1e-8;
    static final int BATCH = 7;
    static final int INPUTS = 5;
    private static final int CLASSES = 3;

    private GradientCheck() {}

    /** ‖analytic - numeric‖ / (‖analytic‖ + ‖numeric‖); 0 if the difference is below the floor. */
    static double error(Tensor value, double[] analytic, DoubleSupplier loss) {
        Float64View view = new Float64View(value);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < view.size(); i++) {
            double old = view.get(i);
            view.set(i, old + STEP);
            double above = loss.getAsDouble();
            view.set(i, old - STEP);
            double numeric = (above - loss.getAsDouble()) / (2 * STEP);
            view.set(i, old);
            difference += (analytic[i] - numeric) * (analytic[i] - numeric);
            norm += analytic[i] * analytic[i] + numeric * numeric;
        }
        return Math.sqrt(difference) < FLOOR ? 0 : Math.sqrt(difference) / Math.sqrt(norm);
    }

    static void randomise(Tensor tensor, RandomStream random, float low, float high) {
        Float64View view = new Float64View(tensor);
        for (int i = 0; i < view.size(); i++) {
            view.set(i, random.nextFloat(low, high));
        }
    }

    static NetworkSpec spec(Activation activation, float dropout, boolean perBatch, boolean batchNorm) {
        return spec(ActivationFunction.of(activation), dropout, perBatch, batchNorm);
    }

    static NetworkSpec spec(ActivationFunction activation, float dropout, boolean perBatch, boolean batchNorm) {
        DropoutRates rates = DropoutRates.of(dropout);
        return new NetworkSpec(INPUTS, List.of(6, 4), CLASSES, activation, rates, perBatch, batchNorm);
    }

    /** The gradient error of each parameter of a network with loss, at random parameters (γ ≠ 1, β ≠ 0). */
    static Map<String, Double> network(NetworkSpec spec, float logitScale, Function<Backend, Kernels> kernels) {
        Backend backend = new Float64Backend(kernels);
        Ops ops = new Ops(backend);
        try (backend;
                TensorScope scope = new TensorScope(backend)) {
            RandomStream random = new RandomStream(11, Purpose.WEIGHTS, 0, 0);
            Network network = new Network(ops, scope, spec, BATCH, 5);
            network.initialise(Initialiser.XAVIER, 5);
            for (Parameter parameter : network.parameters().list()) {
                boolean gamma =
                        parameter.name().startsWith("bn") && parameter.name().endsWith("weight");
                boolean last = parameter.name().startsWith("fc3");
                float limit = last ? logitScale : 1;
                randomise(parameter.value(), random, gamma ? 0.5f : -limit, gamma ? 1.5f : limit);
            }
            Tensor x = scope.zeros(BATCH, INPUTS);
            randomise(x, random, -1, 1);
            Tensor targets = scope.zeros(BATCH, CLASSES);
            for (int i = 0; i < BATCH; i++) {
                new Float64View(targets).set(i * CLASSES + i % CLASSES, 1);
            }
            Tensor history = scope.zeros(1, 1);
            network.clock().set(new int[] {0, 0, 3, 1});
            SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy(ops, scope, CLASSES, BATCH);
            network.backward(loss.gradient(network.forward(x, Mode.TRAIN), targets, network.clock(), history));
            Map<String, double[]> gradients = new TreeMap<>();
            network.parameters().list().forEach(p -> gradients.put(p.name(), new Float64View(p.gradient()).copy()));
            Map<String, Double> errors = new TreeMap<>();
            for (Parameter parameter : network.parameters().list()) {
                double[] analytic = Objects.requireNonNull(gradients.get(parameter.name()));
                errors.put(
                        parameter.name(),
                        error(
                                parameter.value(),
                                analytic,
                                () -> mean(loss.losses(network.forward(x, Mode.TRAIN), targets))));
            }
            return errors;
        }
    }

    /** The maximum error. */
    static double worst(Map<String, Double> errors) {
        return errors.values().stream().mapToDouble(e -> e).max().orElseThrow();
    }

    private static double mean(Tensor losses) {
        double sum = 0;
        for (double value : new Float64View(losses).copy()) {
            sum += value;
        }
        return sum / losses.rows();
    }

    /** A layer under test and its parameters. */
    record Subject(Layer layer, List<Parameter> parameters) {}

    /** Creates a layer with {@link #INPUTS} inputs. */
    interface LayerFactory {
        Subject make(Ops ops, TensorScope scope, Tensor clock, int inputs, int capacity);
    }

    /** The errors of the parameter and input gradients of a layer, with loss Σ c · y for random c. */
    static Map<String, Double> layer(LayerFactory factory) {
        Backend backend = new Float64Backend();
        Ops ops = new Ops(backend);
        try (backend;
                TensorScope scope = new TensorScope(backend)) {
            RandomStream random = new RandomStream(12, Purpose.WEIGHTS, 0, 0);
            Tensor clock = scope.zeros(ElementType.INT32, 1, Clock.LENGTH);
            Subject subject = factory.make(ops, scope, clock, INPUTS, BATCH);
            subject.parameters().forEach(p -> randomise(p.value(), random, 0.5f, 1.5f));
            Tensor x = scope.zeros(BATCH, INPUTS);
            randomise(x, random, -1, 1);
            Layer layer = subject.layer();
            Tensor c = scope.zeros(BATCH, layer.outputs());
            randomise(c, random, -1, 1);
            Tensor dy = scope.zeros(BATCH, layer.outputs());
            Tensor product = scope.zeros(BATCH, layer.outputs());
            ops.axpby(1, c, 0, dy);
            layer.forward(x, Mode.TRAIN);
            double[] dx = new Float64View(Objects.requireNonNull(layer.backward(dy, true))).copy();
            DoubleSupplier loss = () -> {
                ops.zip(BinaryOp.MULTIPLY, c, layer.forward(x, Mode.TRAIN), product);
                double sum = 0;
                for (double value : new Float64View(product).copy()) {
                    sum += value;
                }
                return sum;
            };
            Map<String, Double> errors = new TreeMap<>();
            errors.put("x", error(x, dx, loss));
            for (Parameter parameter : subject.parameters()) {
                double[] analytic = new Float64View(parameter.gradient()).copy();
                errors.put(parameter.name(), error(parameter.value(), analytic, loss));
            }
            return errors;
        }
    }
}
