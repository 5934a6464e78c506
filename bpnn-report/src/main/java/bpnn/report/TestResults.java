package bpnn.report;

import bpnn.data.Dataset;
import bpnn.lab.experiment.Contender;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.experiment.Results;
import bpnn.lab.experiment.TrainedRun;
import bpnn.lab.statistics.ConfusionMatrix;
import bpnn.lab.statistics.Interval;
import bpnn.lab.statistics.Misclassification;
import bpnn.lab.statistics.TestBootstrap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the contenders did on the test images.
 *
 * @param summaries of each contender
 * @param bootstrap errors and their differences
 * @param seeds runs of each contender
 */
record TestResults(List<ArmSummary> summaries, TestBootstrap bootstrap, int seeds) {
    private static final int GALLERY = 12;

    static TestResults of(Experiment experiment, Results results, Dataset test) {
        List<List<int[]>> misread = new ArrayList<>();
        for (Contender contender : experiment.contenders()) {
            misread.add(results.runs(contender.arm()).stream()
                    .map(run -> run.misread().stream()
                            .mapToInt(Misclassification::image)
                            .toArray())
                    .toList());
        }
        TestBootstrap bootstrap = TestBootstrap.of(misread, test.size());
        List<ArmSummary> summaries = new ArrayList<>();
        for (int i = 0; i < misread.size(); i++) {
            Contender contender = experiment.contenders().get(i);
            List<TrainedRun> runs = results.runs(contender.arm());
            List<List<Misclassification>> mistakes =
                    runs.stream().map(TrainedRun::misread).toList();
            int diverged =
                    (int) runs.stream().filter(run -> run.divergedIn() > 0).count();
            summaries.add(new ArmSummary(
                    contender.label(),
                    bootstrap.errors().get(i),
                    diverged,
                    ConfusionMatrix.of(test, mistakes),
                    gallery(mistakes, test)));
        }
        return new TestResults(summaries, bootstrap, misread.get(0).size());
    }

    private record Reading(int image, int read) {}

    private static List<ArmSummary.GalleryImage> gallery(List<List<Misclassification>> runs, Dataset test) {
        Map<Reading, double[]> sums =
                new TreeMap<>(Comparator.comparingInt(Reading::image).thenComparingInt(Reading::read));
        for (List<Misclassification> run : runs) {
            for (Misclassification misread : run) {
                double[] sum =
                        sums.computeIfAbsent(new Reading(misread.image(), misread.read()), reading -> new double[2]);
                sum[0] += misread.confidence();
                sum[1]++;
            }
        }
        return sums.entrySet().stream()
                .map(entry -> new ArmSummary.GalleryImage(
                        entry.getKey().image(),
                        test.label(entry.getKey().image()),
                        entry.getKey().read(),
                        entry.getValue()[0] / runs.size(),
                        (int) entry.getValue()[1]))
                .sorted(Comparator.comparingDouble(ArmSummary.GalleryImage::confidence)
                        .reversed())
                .limit(GALLERY)
                .toList();
    }

    /** What the trick did to the test error, as far as the seeds can tell; the end of a sentence. */
    String verdict() {
        Interval difference = bootstrap.differences().get(Evidence.WITH);
        if (!difference.isKnown()) {
            return "one seed cannot tell what becomes of the test error";
        }
        if (difference.isNegative() || difference.isPositive()) {
            return "the test error " + (difference.isNegative() ? "falls" : "rises") + " from "
                    + Words.percent(bootstrap.errors().get(Evidence.WITHOUT).mean()) + " to "
                    + Words.percent(bootstrap.errors().get(Evidence.WITH).mean());
        }
        return "in test error there is no difference that " + Words.seeds(seeds) + " can show";
    }

    /** The numbers behind it. */
    String evidence() {
        Interval difference = bootstrap.differences().get(Evidence.WITH);
        return "Of the test images, "
                + Words.percent(bootstrap.errors().get(Evidence.WITHOUT).mean()) + " were misread without it and "
                + Words.percent(bootstrap.errors().get(Evidence.WITH).mean()) + " with it"
                + (difference.isKnown() ? " (" + Words.points(difference) + ")." : ".");
    }
}
