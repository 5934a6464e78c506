package bpnn.cuda;

import bpnn.data.Dataset;
import bpnn.nn.Adam;
import bpnn.nn.DeviceData;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Optimizer;
import bpnn.nn.Refinements;
import bpnn.nn.StateTensor;
import bpnn.nn.Trainer;
import bpnn.nn.TrainingConfig;
import bpnn.nn.TrainingListener;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** A training on noise images. */
record SmallTraining(NetworkSpec spec, TrainingConfig config, int images) {
    static final int BATCH = 128;

    /** Steps of an epoch: five full batches and one of 40. */
    static final int STEPS = 6;

    private static final int IMAGES = 5 * BATCH + 40;

    private static final long SEED = 20261125;
    private static final int CLASSES = 10;

    private static final int SIDE = 28;

    /** The benchmark network: 784-512-512-10, batches of 128. */
    SmallTraining(float dropout, boolean batchNorm, int epochs, int steps) {
        this(List.of(512, 512), dropout, batchNorm, epochs, steps);
    }

    /** The same with other hidden layers. */
    SmallTraining(List<Integer> hidden, float dropout, boolean batchNorm, int epochs, int steps) {
        this(
                new NetworkSpec(SIDE * SIDE, hidden, CLASSES, Activation.TANH, dropout, false, batchNorm),
                config(BATCH, epochs, steps, Adam.withRate(1e-3f), Refinements.NONE),
                IMAGES);
    }

    static TrainingConfig config(int batch, int epochs, int steps, Optimizer optimizer, Refinements refinements) {
        return new TrainingConfig(batch, epochs, steps, true, optimizer, SEED, InputScaling.unit(), refinements);
    }

    /** Trains and returns the SHA-256 of the weights, in the order of their names. */
    String run(Backend backend, TrainingListener listener) {
        return sha256(weights(backend, listener));
    }

    /** Trains and returns the weights. */
    Map<String, StateTensor> weights(Backend backend) {
        return weights(backend, new TrainingListener() {});
    }

    private Map<String, StateTensor> weights(Backend backend, TrainingListener listener) {
        Ops ops = new Ops(backend);
        try (TensorScope scope = new TensorScope(backend)) {
            Network network = new Network(ops, scope, spec, config.batchSize(), SEED);
            network.initialise(Initialiser.XAVIER, SEED);
            DeviceData noise = DeviceData.copyOf(noise(), scope);
            new Trainer(ops, scope, network, config, noise, null).run(listener);
            return network.state();
        }
    }

    String run(Backend backend) {
        return run(backend, new TrainingListener() {});
    }

    private Dataset noise() {
        RandomStream random = new RandomStream(SEED, Purpose.SYNTHETIC_DATA, 0, 0);
        byte[] pixels = new byte[images * spec.inputs()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt(256);
        }
        byte[] labels = new byte[images];
        for (int i = 0; i < images; i++) {
            labels[i] = (byte) random.nextInt(spec.classes());
        }
        int side = (int) Math.sqrt(spec.inputs());
        int height = side * side == spec.inputs() ? side : spec.inputs();
        return new Dataset("noise", height, spec.inputs() / height, spec.classes(), pixels, labels);
    }

    private static String sha256(Map<String, StateTensor> state) {
        int length = state.values().stream()
                .mapToInt(tensor -> tensor.values().length)
                .sum();
        ByteBuffer bytes = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
        state.values().forEach(tensor -> {
            for (float value : tensor.values()) {
                bytes.putFloat(value);
            }
        });
        return FileCache.digest(bytes.array());
    }
}
