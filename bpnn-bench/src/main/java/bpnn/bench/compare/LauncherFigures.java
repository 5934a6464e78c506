package bpnn.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a user waits for, and what it takes of his memory. */
final class LauncherFigures {
    private LauncherFigures() {}

    /** The first epoch from the start of the launcher, the first step, and the reading of one image. */
    static List<Row> startUp(LauncherRuns launcher, int rounds) {
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
        return List.of(
                Row.atMost(
                        2.5,
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
