package bpnn.cpu;

import bpnn.data.Dataset;
import bpnn.nn.Adam;
import bpnn.nn.DeviceData;
import bpnn.nn.EpochResult;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Trainer;
import bpnn.nn.TrainingConfig;
import bpnn.nn.TrainingListener;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.Kernels;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Measures epochs of 60,000 images through 784-512-512-10 at batch 128 with Adam, on noise.
 *
 * <p>Arguments: number of threads, epochs, then any of {@code dropout}, {@code batch-norm}, {@code relu} and
 * {@code profile}, which shows the time spent in each kernel of the last epoch.
 */
final class EpochTiming {
    private static final int IMAGES = 60_000;
    private static final int SIDE = 28;
    private static final int CLASSES = 10;

    private EpochTiming() {}

    public static void main(String[] arguments) {
        int threads = Integer.parseInt(arguments[0]);
        int epochs = Integer.parseInt(arguments[1]);
        List<String> words = List.of(arguments);
        Map<String, double[]> times = new TreeMap<>();
        Backend cpu = new CpuBackendProvider().open(new BackendConfig(Optional.empty(), threads, Map.of()));
        Backend backend = words.contains("profile") ? profiled(cpu, times) : cpu;
        Ops ops = new Ops(backend);
        NetworkSpec spec = new NetworkSpec(
                SIDE * SIDE,
                List.of(512, 512),
                CLASSES,
                words.contains("relu") ? Activation.RELU : Activation.TANH,
                words.contains("dropout") ? 0.3f : 0,
                false,
                words.contains("batch-norm"));
        System.out.println(
                System.getProperty("java.vm.version") + ", " + cpu.device() + ", " + cpu.facts() + ", " + spec);
        try (TensorScope scope = new TensorScope(backend)) {
            Network network = new Network(ops, scope, spec, 128, 1);
            network.initialise(Initialiser.XAVIER, 1);
            TrainingConfig config =
                    new TrainingConfig(128, epochs, 0, true, Adam.withRate(0.001f), 1, InputScaling.unit());
            Trainer trainer = new Trainer(ops, scope, network, config, DeviceData.copyOf(noise(), scope), null);
            trainer.run(new TrainingListener() {
                @Override
                public void onEpoch(EpochResult result) {
                    System.out.printf(
                            "epoch %d: %.3f s, loss %.6f%n", result.epoch(), result.seconds(), result.trainLoss());
                    if (result.epoch() < epochs) {
                        times.clear();
                    }
                }
            });
        }
        cpu.close();
        times.forEach((kernel, time) -> System.out.printf(
                "%-45s %6.0f calls %8.1f us each, best %8.1f us, %7.1f ms%n",
                kernel, time[1], time[0] / time[1] / 1e3, time[2] / 1e3, time[0] / 1e6));
    }

    /** The same backend, noting the time that each kernel takes. */
    private static Backend profiled(Backend cpu, Map<String, double[]> times) {
        InvocationHandler timing = (proxy, method, arguments) -> {
            long start = System.nanoTime();
            Object result = method.invoke(cpu.kernels(), arguments);
            long time = System.nanoTime() - start;
            StringBuilder name = new StringBuilder(method.getName());
            for (Object argument : arguments == null ? new Object[0] : arguments) {
                if (argument instanceof bpnn.spi.Matrix matrix && name.length() < 40) {
                    name.append(' ').append(matrix.rows()).append('x').append(matrix.cols());
                }
            }
            double[] sum = times.computeIfAbsent(name.toString(), key -> new double[] {0, 0, Double.MAX_VALUE});
            sum[0] += time;
            sum[1]++;
            sum[2] = Math.min(sum[2], time);
            return result;
        };
        Kernels kernels = (Kernels)
                Proxy.newProxyInstance(EpochTiming.class.getClassLoader(), new Class<?>[] {Kernels.class}, timing);
        InvocationHandler forwarding =
                (proxy, method, arguments) -> method.getName().equals("kernels")
                        ? kernels
                        : method.getName().equals("record") ? arguments[0] : method.invoke(cpu, arguments);
        return (Backend)
                Proxy.newProxyInstance(EpochTiming.class.getClassLoader(), new Class<?>[] {Backend.class}, forwarding);
    }

    private static Dataset noise() {
        RandomStream random = new RandomStream(1, Purpose.SYNTHETIC_DATA, 0, 0);
        byte[] pixels = new byte[IMAGES * SIDE * SIDE];
        byte[] labels = new byte[IMAGES];
        for (int i = 0; i < pixels.length; i += 4) {
            int word = random.nextInt();
            pixels[i] = (byte) word;
            pixels[i + 1] = (byte) (word >> 8);
        }
        for (int i = 0; i < IMAGES; i++) {
            labels[i] = (byte) random.nextInt(CLASSES);
        }
        return new Dataset("noise", SIDE, SIDE, CLASSES, pixels, labels);
    }
}
