package bpnn.lab.run;

import bpnn.data.Dataset;
import bpnn.nn.Initialiser;
import bpnn.nn.NetworkSpec;
import bpnn.nn.TrainingConfig;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides a training run, but for the backend.
 *
 * @param network the structure
 * @param start where the initial weights come from
 * @param training how to train
 * @param optimizer the optimiser's name
 * @param normalisation the name of the way in which pixels become inputs
 * @param images what to learn from and to be judged by
 * @param logSteps every how many steps the loss is written; 0 for never
 * @param calibrated whether the temperature of the logits is fitted to the validation images in the end
 */
public record RunPlan(
        NetworkSpec network,
        Start start,
        TrainingConfig training,
        String optimizer,
        String normalisation,
        Images images,
        int logSteps,
        boolean calibrated) {

    /** Without calibration. */
    public RunPlan(
            NetworkSpec network,
            Start start,
            TrainingConfig training,
            String optimizer,
            String normalisation,
            Images images,
            int logSteps) {
        this(network, start, training, optimizer, normalisation, images, logSteps, false);
    }

    /** Where initial weights come from. */
    public sealed interface Start {
        /** Drawn from the seed. */
        record Drawn(Initialiser initialiser) implements Start {}

        /** Read from a model's file. */
        record FromFile(Path file) implements Start {}
    }

    /**
     * The images of a run.
     *
     * @param train to learn from
     * @param validation judged after each epoch; null for none
     * @param test judged once, at the end
     * @param trainSha256 hash of the whole training set that {@code train} and {@code validation} are cut from
     * @param testSha256 hash of the test set
     * @param facts how these parts came about, by name
     */
    public record Images(
            Dataset train,
            @Nullable Dataset validation,
            Dataset test,
            String trainSha256,
            String testSha256,
            Map<String, String> facts) {
        public Images {
            facts = Map.copyOf(facts);
        }

        /** Images of which there is nothing more to say. */
        public Images(
                Dataset train, @Nullable Dataset validation, Dataset test, String trainSha256, String testSha256) {
            this(train, validation, test, trainSha256, testSha256, Map.of());
        }
    }

    /** The same, with every n-th step's loss written. */
    public RunPlan loggingSteps(int every) {
        return new RunPlan(network, start, training, optimizer, normalisation, images, every, calibrated);
    }

    /** The same, ended after so many steps. */
    public RunPlan ofSteps(long steps) {
        return new RunPlan(
                network, start, training.ofSteps(steps), optimizer, normalisation, images, logSteps, calibrated);
    }

    /** The same with another seed. */
    public RunPlan withSeed(long seed) {
        return new RunPlan(
                network, start, training.withSeed(seed), optimizer, normalisation, images, logSteps, calibrated);
    }

    /** The same, calibrated. */
    public RunPlan withCalibration() {
        return new RunPlan(network, start, training, optimizer, normalisation, images, logSteps, true);
    }

    /** Images of the smallest batch that can be trained on: batch normalisation cannot take the statistics of one. */
    public int smallestBatch() {
        return network.batchNorm() ? 2 : 1;
    }

    /** Steps of an epoch; 0 if the images do not make a batch. */
    public int stepsPerEpoch() {
        return training.stepsPerEpoch(images.train().size(), smallestBatch());
    }

    /** A short name for the run's folder: the data, and the tricks that are on. */
    public String name() {
        String name = images.train().name().replaceAll("[^A-Za-z0-9._-]", "-");
        return name + (network.dropout().isAny() ? "-dropout" : "") + (network.batchNorm() ? "-batch-norm" : "");
    }
}
