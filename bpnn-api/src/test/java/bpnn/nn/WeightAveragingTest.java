package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import bpnn.spi.Activation;
import bpnn.spi.Distortion;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WeightAveragingTest {
    private static final LearningRateSchedule CONSTANT = new LearningRateSchedule.Constant();
    private static final Refinements PLAIN = new Refinements(CONSTANT, 0, 0, 0, 0, 0);
    private static final String WEIGHT = "fc1.weight";
    private static final List<WeightAveraging> AVERAGINGS = List.of(
            new WeightAveraging.None(), new WeightAveraging.Exponential(0.9f), new WeightAveraging.Stochastic(0.6));
    /** Elastic distortion, with dropout and batch normalisation in the network: all that is random or accumulates. */
    private static final Refinements ELASTIC = PLAIN.with(new Distortion(1, 10, 0.1f, 0.1f, 8, 2));

    @RegisterExtension
    private final ReferenceFixture reference = new ReferenceFixture();

    private final Ops ops = reference.ops;
    private final TensorScope scope = reference.scope;
    private final DeviceData data = DeviceData.copyOf(TrainerTest.noise(45, 6), scope);

    private Network network(float dropout, boolean batchNorm) {
        NetworkSpec spec = new NetworkSpec(36, List.of(12, 9), 10, Activation.TANH, dropout, false, batchNorm);
        Network network = new Network(ops, scope, spec, 10, 1);
        network.initialise(Initialiser.XAVIER, 1);
        return network;
    }

    private static TrainingConfig config(int epochs, Refinements refinements) {
        return new TrainingConfig(10, epochs, 0, true, new Sgd(0.2f), 1, InputScaling.unit(), refinements);
    }

    private Trainer trainer(Network network, int epochs, Refinements refinements) {
        return new Trainer(ops, scope, network, config(epochs, refinements), data, data);
    }

    private static float[] weight(Network network) {
        return network.parameters().get(WEIGHT).value().toArray();
    }

    /** The weights after each step of a training without averages. */
    private List<float[]> steps(int epochs) {
        Network network = network(0, false);
        List<float[]> steps = new ArrayList<>();
        trainer(network, epochs, PLAIN).run(new TrainingListener() {
            @Override
            public boolean observes(long step) {
                return true;
            }

            @Override
            public void afterStep(long step) {
                steps.add(weight(network));
            }
        });
        return steps;
    }

    @Test
    void theExponentialAverageForgetsTheStart() {
        List<float[]> steps = steps(3);
        Network network = network(0, false);
        trainer(network, 3, PLAIN.with(new WeightAveraging.Exponential(0.8f))).run(new TrainingListener() {});
        float[] kept = weight(network);
        assertThat(steps).hasSize(15);
        for (int i = 0; i < kept.length; i++) {
            double sum = 0;
            double weights = 0;
            for (int t = 0; t < steps.size(); t++) {
                double share = Math.pow(0.8f, steps.size() - 1 - t);
                sum += share * steps.get(t)[i];
                weights += share;
            }
            assertThat(kept[i]).isCloseTo((float) (sum / weights), within(1e-6f));
        }
    }

    @Test
    void theStochasticAverageIsTheMeanOverTheLastEpochs() {
        List<float[]> steps = steps(4);
        Network network = network(0, false);
        List<float[]> kept = new ArrayList<>();
        trainer(network, 4, PLAIN.with(new WeightAveraging.Stochastic(0.5))).run(new TrainingListener() {
            @Override
            public void onEpoch(EpochResult result) {
                kept.add(weight(network));
            }
        });
        for (int i = 0; i < kept.get(0).length; i++) {
            assertThat(kept.get(1)[i]).isEqualTo(steps.get(9)[i]);
            assertThat(kept.get(2)[i]).isEqualTo(steps.get(14)[i]);
            double mean = (steps.get(14)[i] + (double) steps.get(19)[i]) / 2;
            assertThat(kept.get(3)[i]).isCloseTo((float) mean, within(1e-6f));
        }
        assertThat(weight(network)).containsExactly(kept.get(3));
    }

    @Test
    void itIsTheAverageThatIsJudged() {
        Network network = network(0, false);
        TrainingResult result = trainer(network, 3, PLAIN.with(new WeightAveraging.Exponential(0.9f)))
                .run(new TrainingListener() {});
        Evaluation again = new Evaluator(ops, scope, network, InputScaling.unit()).evaluate(data);
        Evaluation last = result.epochs().get(2).validation();
        assertThat(last).isNotNull();
        assertThat(last.loss()).isEqualTo(again.loss());
    }

    @Test
    void statisticsBelongToTheAverage() {
        Network network = network(0, true);
        trainer(network, 3, PLAIN.with(new WeightAveraging.Exponential(0.9f))).run(new TrainingListener() {});
        // The first layer's inputs are not random, so the mean over the whole batches can be computed.
        float[] inputs = new float[36 * 40];
        int[] order = new EpochOrder(config(3, PLAIN), 45).of(3);
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 36; j++) {
                inputs[i * 36 + j] = (data.source().pixels()[order[i] * 36 + j] & 0xFF) / 255f;
            }
        }
        float[] weight = weight(network);
        StateTensor mean = network.state().get("bn1.running_mean");
        for (int unit = 0; unit < 12; unit++) {
            double sum = 0;
            for (int i = 0; i < 40; i++) {
                for (int j = 0; j < 36; j++) {
                    sum += inputs[i * 36 + j] * (double) weight[j * 12 + unit];
                }
            }
            assertThat(mean.values()[unit]).isCloseTo((float) (sum / 40), within(1e-5f));
        }
    }

    private static void assertSame(Network found, Network expected, WeightAveraging averaging) {
        expected.state()
                .forEach((name, tensor) -> assertThat(found.state().get(name).values())
                        .as("%s with %s", name, averaging)
                        .containsExactly(tensor.values()));
    }

    /** With dropout, batch normalisation and distorted images, from each epoch on. */
    @Test
    void aResumedTrainingHasTheBitsOfAnUninterruptedOne() {
        for (WeightAveraging averaging : AVERAGINGS) {
            Refinements refinements = ELASTIC.with(averaging);
            Network unbroken = network(0.3f, true);
            Trainer first = trainer(unbroken, 5, refinements);
            List<SortedMap<String, StateTensor>> weights = new ArrayList<>();
            List<TrainingState> states = new ArrayList<>();
            first.run(new TrainingListener() {
                @Override
                public void onEpoch(EpochResult result) {
                    weights.add(unbroken.state());
                    states.add(first.state());
                }
            });
            for (int epoch = 1; epoch <= 5; epoch++) {
                Network resumed = network(0.3f, true);
                resumed.load(weights.get(epoch - 1));
                Trainer second = trainer(resumed, 5, refinements);
                second.resume(states.get(epoch - 1));
                second.run(new TrainingListener() {});
                assertSame(resumed, unbroken, averaging);
            }
        }
    }

    /** From each step on, also within epochs; one trainer is taken back again and again. */
    @Test
    void aTrainingGoesOnFromAnyStep() {
        for (WeightAveraging averaging : AVERAGINGS) {
            Refinements refinements = ELASTIC.with(averaging);
            Network unbroken = network(0.3f, true);
            Trainer first = trainer(unbroken, 3, refinements);
            List<SortedMap<String, StateTensor>> weights = new ArrayList<>();
            List<TrainingState> states = new ArrayList<>();
            first.run(new TrainingListener() {
                @Override
                public boolean observes(long step) {
                    return step % 5 != 0;
                }

                @Override
                public void afterStep(long step) {
                    weights.add(unbroken.state());
                    states.add(first.state(step));
                }
            });
            Network resumed = network(0.3f, true);
            Trainer second = trainer(resumed, 3, refinements);
            for (int i = states.size() - 1; i >= 0; i--) {
                resumed.load(weights.get(i));
                second.resume(states.get(i));
                TrainingResult result = second.run(new TrainingListener() {});
                assertThat(result.steps()).isEqualTo(15);
                assertSame(resumed, unbroken, averaging);
            }
        }
    }

    /** The length of a training decides its rates; where it is left does not. */
    @Test
    void aLimitChangesNoRate() {
        Refinements cosine = new Refinements(new LearningRateSchedule.Cosine(), 0, 0, 0, 0, 0);
        List<float[]> steps = new ArrayList<>();
        Network whole = network(0, false);
        trainer(whole, 3, cosine).run(new TrainingListener() {
            @Override
            public boolean observes(long step) {
                return true;
            }

            @Override
            public void afterStep(long step) {
                steps.add(weight(whole));
            }
        });
        Network cut = network(0, false);
        TrainingResult result = trainer(cut, 3, cosine).run(new TrainingListener() {}, 7);
        assertThat(result.steps()).isEqualTo(7);
        assertThat(weight(cut)).containsExactly(steps.get(6));
    }

    @Test
    void distortedImagesAreAnotherTraining() {
        Network plain = network(0, false);
        trainer(plain, 1, PLAIN).run(new TrainingListener() {});
        Network distorted = network(0, false);
        trainer(distorted, 1, PLAIN.with(new Distortion(1, 0, 0, 0, 0, 1))).run(new TrainingListener() {});
        assertThat(weight(distorted)).isNotEqualTo(weight(plain));
    }

    @Test
    void whatDependsOnTheLengthOfTheTraining() {
        assertThat(PLAIN.dependOnLength()).isFalse();
        assertThat(PLAIN.with(new WeightAveraging.Exponential(0.9f)).dependOnLength())
                .isFalse();
        assertThat(PLAIN.with(new WeightAveraging.Stochastic(0.5)).dependOnLength())
                .isTrue();
        assertThat(new Refinements(new LearningRateSchedule.Cosine(), 0, 0, 0, 0, 0).dependOnLength())
                .isTrue();
    }

    @Test
    void theFirstEpochThatCounts() {
        assertThat(new WeightAveraging.Stochastic(0.25).firstEpoch(8)).isEqualTo(7);
        assertThat(new WeightAveraging.Stochastic(1).firstEpoch(8)).isEqualTo(1);
        assertThat(new WeightAveraging.Stochastic(0.01).firstEpoch(8)).isEqualTo(8);
    }

    @Test
    void impossibleAveragesAreRejected() {
        for (float decay : List.of(0f, 1f, Float.NaN)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new WeightAveraging.Exponential(decay))
                    .withMessageStartingWith("The decay of an average of the weights must be in (0, 1)");
        }
        for (double share : List.of(0.0, 1.5, Double.NaN)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new WeightAveraging.Stochastic(share))
                    .withMessageStartingWith("The share of the epochs");
        }
    }

    @Test
    void aStateWithoutTheWeightsInTrainingIsRejected() {
        Refinements averaged = PLAIN.with(new WeightAveraging.Exponential(0.9f));
        Trainer first = trainer(network(0, false), 1, averaged);
        first.run(new TrainingListener() {});
        SortedMap<String, StateTensor> tensors = new TreeMap<>(first.state().tensors());
        tensors.remove("training.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trainer(network(0, false), 2, averaged)
                        .resume(new TrainingState(first.state().epochs(), tensors)))
                .withMessageContaining("training.0");
    }
}
