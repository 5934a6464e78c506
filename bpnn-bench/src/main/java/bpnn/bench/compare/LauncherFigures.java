package bpnn.bench.compare;

import bpnn.bench.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a user waits for, and what it takes of his memory. */
final class LauncherFigures {
    /** How many steady epochs the first one may take, besides a second for the start. */
    private static final double MOST_EPOCHS = 1.3;
    /** Images that the program learns from, when a sixth of MNIST is for validation. */
    private static final double LEARNT = 50_000;

    private LauncherFigures() {}

    /**
     * The first epoch from the start of the launcher, the first step, and the reading of one image.
     *
     * @param steadyEpoch seconds of an epoch of all images, of a training that has run for some epochs
     */
    static List<Row> startUp(LauncherRuns launcher, int rounds, @Nullable Samples steadyEpoch) {
        List<Double> epoch = new ArrayList<>();
        List<Double> step = new ArrayList<>();
        List<Double> predict = new ArrayList<>();
        launcher.train("--steps", "1"); // the first start after a build prepares the archive of classes
        for (int i = 0; i < rounds; i++) {
            LauncherRuns.Run run = launcher.train("--epochs", "1");
            epoch.add(run.seconds());
            run.firstStep().ifPresent(step::add);
            predict.add(launcher.predict().seconds());
        }
        double epochs = steadyEpoch == null ? 0 : MOST_EPOCHS * steadyEpoch.median() * LEARNT / Workload.MNIST;
        return List.of(
                Row.atMost(
                        epochs + 1,
                        " s",
                        "./bpnn train --epochs 1, from the start of the JVM to its end",
                        new Samples(epoch),
                        "%.2f",
                        "50,000 images, validated and tested on 10,000 each"),
                Row.figure("./bpnn train, until the first step is done", new Samples(step).text("%.2f") + " s"),
                Row.figure("./bpnn predict --index 0", new Samples(predict).text("%.2f") + " s"));
    }

    /** The training that the program does when nothing else is said. */
    static List<Row> memory(LauncherRuns launcher) {
        LauncherRuns.Run run = launcher.train();
        return List.of(
                Row.atMost(
                        400,
                        " MB",
                        "resident memory of ./bpnn train",
                        new Samples(List.of(run.megabytes())),
                        "%.0f",
                        ""),
                Row.figure("./bpnn train, ten epochs", String.format(Locale.ROOT, "%.1f s", run.seconds())));
    }
}
