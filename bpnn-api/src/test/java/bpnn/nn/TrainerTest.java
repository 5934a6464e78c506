package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.Dataset;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Activation;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TrainerTest {
    private static final int CLASSES = 10;

    @RegisterExtension
    private final ReferenceFixture reference = new ReferenceFixture();

    private final Ops ops = reference.ops;
    private final TensorScope scope = reference.scope;

    /** Noise images with cyclic labels: they can only be memorised. */
    static Dataset noise(int images, int side) {
        RandomStream random = new RandomStream(3, Purpose.SYNTHETIC_DATA, 0, 0);
        byte[] pixels = new byte[images * side * side];
        byte[] labels = new byte[images];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt();
        }
        for (int i = 0; i < images; i++) {
            labels[i] = (byte) (i % CLASSES);
        }
        return new Dataset("noise", side, side, CLASSES, pixels, labels);
    }

    private Network network(NetworkSpec spec, int capacity) {
        Network network = new Network(ops, scope, spec, capacity, 1);
        network.initialise(Initialiser.XAVIER, 1);
        return network;
    }

    private static NetworkSpec spec(int side, float dropout, boolean batchNorm) {
        return new NetworkSpec(side * side, List.of(16, 12), CLASSES, Activation.TANH, dropout, false, batchNorm);
    }

    private static TrainingConfig config(int batch, int epochs, Optimizer optimizer) {
        return new TrainingConfig(batch, epochs, 0, true, optimizer, 1, InputScaling.unit());
    }

    @Test
    void theNetworkOfTheArticleWithBiasesHas669706Parameters() {
        Network network = new Network(ops, scope, NetworkSpec.plain(784, List.of(512, 512), 10), 1, 1);
        assertThat(network.parameters().count()).isEqualTo(669_706);
    }

    @Test
    void theInitialLossIsAboutLogOfTheNumberOfClasses() {
        Dataset data = noise(200, 28);
        Network network = network(NetworkSpec.plain(784, List.of(64, 64), 10), 50);
        Evaluator evaluator = new Evaluator(ops, scope, network, InputScaling.standard(data));
        assertThat(evaluator.evaluate(DeviceData.copyOf(data, scope)).loss()).isBetween(1.9, 3.1);
        network.initialise(Initialiser.ZERO, 1);
        assertThat(evaluator.evaluate(DeviceData.copyOf(data, scope)).loss())
                .isCloseTo(Math.log(10), org.assertj.core.data.Offset.offset(1e-6));
    }

    @Test
    void twentyImagesAreOverfitted() {
        Dataset data = noise(20, 6);
        for (Optimizer optimizer : List.of(Adam.withRate(0.01f), new Momentum(0.1f, 0.9f), new Sgd(0.5f))) {
            Network network = network(spec(6, 0, false), 20);
            TrainingResult result = new Trainer(
                            ops, scope, network, config(20, 400, optimizer), DeviceData.copyOf(data, scope), null)
                    .run(new TrainingListener() {});
            assertThat(result.epochs().get(399).trainLoss()).as("%s", optimizer).isLessThan(0.02);
        }
    }

    @Test
    void evaluationDoesNotDependOnTheBatchSize() {
        Dataset data = noise(23, 6);
        DeviceData copy = DeviceData.copyOf(data, scope);
        Network trained = network(spec(6, 0.3f, true), 10);
        new Trainer(ops, scope, trained, config(10, 3, Adam.withRate(0.01f)), copy, null)
                .run(new TrainingListener() {});
        Evaluation whole = null;
        for (int capacity : new int[] {1, 7, 23}) {
            Network network = network(spec(6, 0.3f, true), capacity);
            network.load(trained.state());
            Evaluation evaluation = new Evaluator(ops, scope, network, InputScaling.unit()).evaluate(copy);
            whole = whole == null ? evaluation : whole;
            assertThat(evaluation.loss()).isEqualTo(whole.loss());
            assertThat(evaluation.losses()).containsExactly(whole.losses());
            assertThat(evaluation.predictions()).containsExactly(whole.predictions());
        }
    }

    @Test
    void theLastPartialBatchIsUsedOnlyWithShuffling() {
        TrainingConfig shuffled = config(8, 1, new Sgd(0.1f));
        TrainingConfig inOrder = new TrainingConfig(8, 1, 0, false, new Sgd(0.1f), 1, InputScaling.unit());
        assertThat(shuffled.stepsPerEpoch(20, 1)).isEqualTo(3);
        assertThat(inOrder.stepsPerEpoch(20, 1)).isEqualTo(2);
        assertThat(shuffled.stepsPerEpoch(17, 1)).isEqualTo(3);
        assertThat(shuffled.stepsPerEpoch(17, 2))
                .as("batch normalisation of one image")
                .isEqualTo(2);
    }

    @Test
    void listenersReceiveEveryStepAndEpoch() {
        List<Float> losses = new ArrayList<>();
        List<EpochResult> epochs = new ArrayList<>();
        Dataset data = noise(80, 6);
        DeviceData copy = DeviceData.copyOf(data, scope);
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onSteps(int epoch, long firstStep, float[] values, int stepsLeft) {
                assertThat(firstStep).isEqualTo(losses.size() + 1);
                for (float value : values) {
                    losses.add(value);
                }
            }

            @Override
            public void onEpoch(EpochResult result) {
                epochs.add(result);
            }
        };
        TrainingResult result = new Trainer(
                        ops, scope, network(spec(6, 0, false), 2), config(2, 3, new Sgd(0.1f)), copy, copy)
                .run(TrainingListener.all(List.of(listener)));
        assertThat(losses).hasSize(120);
        assertThat(epochs).isEqualTo(result.epochs()).hasSize(3);
        assertThat(epochs.get(2).validation()).isNotNull();
        assertThat(epochs.get(0).trainLoss())
                .isCloseTo(
                        losses.subList(0, 40).stream()
                                .mapToDouble(x -> x)
                                .average()
                                .orElseThrow(),
                        org.assertj.core.data.Offset.offset(1e-9));
    }

    @Test
    void divergenceRestoresTheLastGoodWeights() {
        Dataset data = noise(40, 6);
        NetworkSpec spec = new NetworkSpec(36, List.of(16), CLASSES, Activation.RELU, 0, false, false);
        Network network = network(spec, 4);
        Map<String, StateTensor> before = network.state();
        Trainer trainer =
                new Trainer(ops, scope, network, config(4, 5, new Sgd(1e30f)), DeviceData.copyOf(data, scope), null);
        assertThatThrownBy(() -> trainer.run(new TrainingListener() {}))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("epoch 1");
        assertThat(network.state().get("fc1.weight").values())
                .containsExactly(before.get("fc1.weight").values());
    }

    @Test
    void stopRequestsAndStepLimits() {
        DeviceData data = DeviceData.copyOf(noise(400, 6), scope);
        Trainer trainer =
                new Trainer(ops, scope, network(spec(6, 0, false), 2), config(2, 5, new Sgd(0.1f)), data, null);
        TrainingResult stopped = trainer.run(new TrainingListener() {
            @Override
            public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
                trainer.requestStop();
            }
        });
        assertThat(stopped.interrupted()).isTrue();
        assertThat(stopped.steps()).isPositive().isLessThan(200);
        TrainingConfig limited = new TrainingConfig(2, 5, 203, true, new Sgd(0.1f), 1, InputScaling.unit());
        TrainingResult result = new Trainer(ops, scope, network(spec(6, 0, false), 2), limited, data, null)
                .run(new TrainingListener() {});
        assertThat(result.steps()).isEqualTo(203);
        assertThat(result.epochs().get(1).images()).isEqualTo(6);
    }

    @Test
    void aStopBetweenEpochsStartsNoFurtherEpoch() {
        DeviceData data = DeviceData.copyOf(noise(40, 6), scope);
        Trainer trainer =
                new Trainer(ops, scope, network(spec(6, 0, false), 2), config(2, 5, new Sgd(0.1f)), data, null);
        TrainingResult stopped = trainer.run(new TrainingListener() {
            @Override
            public void onEpoch(EpochResult result) {
                if (result.epoch() == 2) {
                    trainer.requestStop();
                }
            }
        });
        assertThat(stopped.interrupted()).isTrue();
        assertThat(stopped.steps()).isEqualTo(40);
        assertThat(stopped.epochs()).hasSize(2).allSatisfy(epoch -> {
            assertThat(epoch.steps()).isEqualTo(20);
            assertThat(epoch.trainLoss()).isFinite();
        });
    }

    @Test
    void aResumedTrainingHasTheBitsOfAnUninterruptedOne() {
        DeviceData data = DeviceData.copyOf(noise(45, 6), scope);
        for (Optimizer optimizer : List.of(Adam.withRate(0.01f), new Momentum(0.1f, 0.9f), new Sgd(0.1f))) {
            Network unbroken = network(spec(6, 0.3f, true), 10);
            Trainer first = new Trainer(ops, scope, unbroken, config(10, 4, optimizer), data, data);
            Map<String, StateTensor> weights = new TreeMap<>();
            List<TrainingState> states = new ArrayList<>();
            TrainingResult whole = first.run(new TrainingListener() {
                @Override
                public void onEpoch(EpochResult result) {
                    if (result.epoch() == 2) {
                        weights.putAll(unbroken.state());
                        states.add(first.state());
                    }
                }
            });
            Network resumed = network(spec(6, 0.3f, true), 10);
            resumed.load(weights);
            Trainer second = new Trainer(ops, scope, resumed, config(10, 4, optimizer), data, data);
            second.resume(states.get(0));
            TrainingResult result = second.run(new TrainingListener() {});
            assertThat(result.steps()).isEqualTo(whole.steps()).isEqualTo(20);
            assertThat(result.epochs()).hasSize(4);
            assertThat(result.epochs().get(3).trainLoss())
                    .isEqualTo(whole.epochs().get(3).trainLoss());
            unbroken.state()
                    .forEach((name, tensor) -> assertThat(
                                    resumed.state().get(name).values())
                            .as("%s of %s", name, optimizer)
                            .containsExactly(tensor.values()));
        }
    }

    @Test
    void resumeRejectsTheStateOfAnotherTraining() {
        DeviceData data = DeviceData.copyOf(noise(40, 6), scope);
        Trainer trainer =
                new Trainer(ops, scope, network(spec(6, 0, false), 10), config(10, 2, Adam.withRate(0.1f)), data, null);
        EpochResult epoch = new EpochResult(1, 3, 1, null, 1, 40);
        assertThatThrownBy(() -> trainer.resume(new TrainingState(List.of(epoch), new TreeMap<>())))
                .hasMessage("Epoch 1 has 3 steps, but an epoch of this training has 4");
        assertThatThrownBy(() -> trainer.resume(new TrainingState(List.of(), new TreeMap<>())))
                .hasMessageMatching("The tensor optimizer.mean must have [0-9]+ values, but is missing");
        assertThatThrownBy(() -> new TrainingState(List.of(epoch, epoch), new TreeMap<>()))
                .hasMessageContaining("numbered 1");
    }

    @Test
    void observingStepsDoesNotAffectTraining() {
        DeviceData data = DeviceData.copyOf(noise(80, 6), scope);
        List<Network> networks = List.of(network(spec(6, 0.3f, true), 10), network(spec(6, 0.3f, true), 10));
        List<Long> seen = new ArrayList<>();
        for (Network network : networks) {
            boolean looks = network == networks.get(1);
            Evaluator evaluator = new Evaluator(ops, scope, network, InputScaling.unit());
            new Trainer(ops, scope, network, config(10, 3, Adam.withRate(0.01f)), data, null)
                    .run(new TrainingListener() {
                        @Override
                        public boolean observes(long step) {
                            return looks && step % 5 == 1;
                        }

                        @Override
                        public void afterStep(long step) {
                            seen.add(step);
                            assertThat(evaluator.evaluate(data).loss()).isFinite();
                        }
                    });
        }
        assertThat(seen).containsExactly(1L, 6L, 11L, 16L, 21L);
        networks.get(0)
                .state()
                .forEach((name, tensor) -> assertThat(
                                networks.get(1).state().get(name).values())
                        .as(name)
                        .containsExactly(tensor.values()));
    }

    @Test
    void stateUsesPyTorchsLayoutAndRoundTrips() {
        Network network = network(spec(6, 0, true), 4);
        Map<String, StateTensor> state = network.state();
        assertThat(state.keySet())
                .containsExactly(
                        "bn1.bias",
                        "bn1.running_mean",
                        "bn1.running_var",
                        "bn1.weight",
                        "bn2.bias",
                        "bn2.running_mean",
                        "bn2.running_var",
                        "bn2.weight",
                        "fc1.weight",
                        "fc2.weight",
                        "fc3.bias",
                        "fc3.weight");
        assertThat(state.get("fc1.weight").shape()).containsExactly(16, 36);
        Tensors.assertFirstRowIsFirstUnit(network, state);
        Network other = new Network(ops, scope, spec(6, 0, true), 4, 1);
        other.load(state);
        other.state()
                .forEach((name, tensor) -> assertThat(tensor.values())
                        .as(name)
                        .containsExactly(state.get(name).values()));
    }

    @Test
    void loadRejectsAnIncompatibleState() {
        Network network = network(spec(6, 0, false), 4);
        Map<String, StateTensor> state = new TreeMap<>(network.state());
        StateTensor bias = state.remove("fc1.bias");
        assertThatThrownBy(() -> network.load(state)).hasMessage("The tensor fc1.bias is missing");
        state.put("fc1.bias", new StateTensor(List.of(1), new float[1]));
        assertThatThrownBy(() -> network.load(state))
                .hasMessage("The tensor fc1.bias must have the shape [16], but has [1]");
        state.put("fc1.bias", bias);
        state.put("fc9.bias", bias);
        assertThatThrownBy(() -> network.load(state)).hasMessageContaining("fc9.bias does not belong");
    }

    /** Reads single weights. */
    private static final class Tensors {
        static void assertFirstRowIsFirstUnit(Network network, Map<String, StateTensor> state) {
            float[] inner = network.parameters().get("fc1.weight").value().toArray();
            float[] outer = state.get("fc1.weight").values();
            for (int input = 0; input < 36; input++) {
                assertThat(outer[input]).isEqualTo(inner[input * 16]);
            }
        }
    }
}
