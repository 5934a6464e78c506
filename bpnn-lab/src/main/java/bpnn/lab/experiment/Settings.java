package bpnn.lab.experiment;

import bpnn.lab.run.OptimizerName;
import bpnn.nn.InputScaling;
import bpnn.nn.Optimizer;
import bpnn.nn.Refinements;
import bpnn.nn.TrainingConfig;
import java.util.List;

/**
 * What all runs have in common.
 *
 * @param preset learning rates, and whatever else was not said
 * @param seeds number of seeds
 * @param firstSeed the first of them; the others follow
 * @param epochs of each run
 * @param batchSize of each step
 * @param hidden units of each hidden layer
 */
public record Settings(Preset preset, int seeds, long firstSeed, int epochs, int batchSize, List<Integer> hidden) {
    /** Steps that a learning rate gets to show that it trains. */
    public static final int SWEEP_STEPS = 100;

    /** The smallest and the largest power of two among the learning rates of the sweep. */
    private static final int SMALLEST_RATE = -5;

    private static final int LARGEST_RATE = 5;

    public Settings {
        hidden = List.copyOf(hidden);
    }

    /** The learning rates of the sweep, from small to large. */
    public static double[] sweepRates() {
        double[] rates = new double[LARGEST_RATE - SMALLEST_RATE + 1];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = StrictMath.scalb(1.0, SMALLEST_RATE + i);
        }
        return rates;
    }

    /** The learning rate of an arm. */
    public float learningRate(Arm arm) {
        Float own = arm.learningRate();
        if (own != null) {
            return own;
        }
        return arm.optimizer() == OptimizerName.ADAM ? preset.adamRate() : preset.sgdRate();
    }

    /** A training of an arm; {@code steps} is 0 for all of its epochs. */
    TrainingConfig training(Arm arm, Optimizer optimizer, long seed, long steps, InputScaling scaling) {
        Refinements refinements = Refinements.NONE.with(arm.distortion());
        return new TrainingConfig(batchSize, epochs, steps, true, optimizer, seed, scaling, refinements);
    }

    /** Steps of an epoch of an arm over so many images. */
    public int stepsPerEpoch(Arm arm, int images) {
        return training(arm, optimizer(arm), 1, 0, InputScaling.none()).stepsPerEpoch(images, arm.batchNorm() ? 2 : 1);
    }

    /** How the weights of an arm follow their gradients. */
    public Optimizer optimizer(Arm arm) {
        return arm.optimizer().rule(learningRate(arm));
    }
}
