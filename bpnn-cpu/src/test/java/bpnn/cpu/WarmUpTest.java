package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.data.Dataset;
import bpnn.nn.Adam;
import bpnn.nn.DeviceData;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Trainer;
import bpnn.nn.TrainingConfig;
import bpnn.nn.TrainingListener;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.Kernels;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void startsOnceAndOnlyIfEnabled() throws InterruptedException {
        Arithmetic arithmetic = Arithmetic.scalar();
        assertThat(WarmUp.start(arithmetic)).isNull();
        System.setProperty(WarmUp.PROPERTY, "true");
        try {
            WarmUp started = WarmUp.start(arithmetic);
            assertThat(started).isNotNull();
            assertThat(WarmUp.start(arithmetic)).isNull();
            started.stop();
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("bpnn-cpu-warm-up")) {
                    thread.join(10_000);
                    assertThat(thread.isAlive()).isFalse();
                }
            }
        } finally {
            System.clearProperty(WarmUp.PROPERTY);
        }
    }

    @Test
    void theWarmUpStepCallsTheKernelsOfTraining() {
        Set<String> warmedUp = new TreeSet<>();
        try (Backend cpu = new CpuBackendProvider().open(BackendConfig.defaults())) {
            new WarmUpStep(recording(cpu, warmedUp)).run();
        }
        Set<String> trained = new TreeSet<>();
        try (Backend cpu = new CpuBackendProvider().open(BackendConfig.defaults())) {
            Backend backend = recording(cpu, trained);
            try (TensorScope scope = new TensorScope(backend)) {
                train(new Ops(backend), scope);
            }
        }
        // Kernels of a few operations need no warm-up.
        trained.removeAll(Set.of("fill", "gatherRows", "advance", "scratch"));
        assertThat(trained).isNotEmpty();
        assertThat(warmedUp).containsAll(trained);
    }

    private static void train(Ops ops, TensorScope scope) {
        NetworkSpec spec = new NetworkSpec(36, List.of(8, 8), 10, Activation.TANH, 0, false, false);
        Network network = new Network(ops, scope, spec, 4, 1);
        network.initialise(Initialiser.XAVIER, 1);
        Dataset data = new Dataset("blank", 6, 6, 10, new byte[8 * 36], new byte[8]);
        TrainingConfig config = new TrainingConfig(4, 1, 0, true, Adam.withRate(0.001f), 1, InputScaling.unit());
        new Trainer(ops, scope, network, config, DeviceData.copyOf(data, scope), null).run(new TrainingListener() {});
    }

    /** A proxy of the backend that records the names of the kernels called. */
    private static Backend recording(Backend cpu, Set<String> names) {
        InvocationHandler recording = (proxy, method, arguments) -> {
            names.add(method.getName());
            return method.invoke(cpu.kernels(), arguments);
        };
        Kernels kernels = (Kernels)
                Proxy.newProxyInstance(WarmUpTest.class.getClassLoader(), new Class<?>[] {Kernels.class}, recording);
        InvocationHandler forwarding = (proxy, method, arguments) ->
                method.getName().equals("kernels") ? kernels : method.invoke(cpu, arguments);
        return (Backend)
                Proxy.newProxyInstance(WarmUpTest.class.getClassLoader(), new Class<?>[] {Backend.class}, forwarding);
    }
}
