package bpnn.report.study;

import static bpnn.report.Evidence.WITH;
import static bpnn.report.Evidence.WITHOUT;

import bpnn.chart.Chart;
import bpnn.chart.Chart.Axis;
import bpnn.chart.Figure;
import bpnn.chart.ImageStrip;
import bpnn.chart.Series;
import bpnn.chart.Series.Stroke;
import bpnn.data.Dataset;
import bpnn.io.image.DistortedImages;
import bpnn.io.image.ImagePicture;
import bpnn.lab.experiment.Arm;
import bpnn.lab.experiment.Contender;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.experiment.TrainedRun;
import bpnn.lab.statistics.Interval;
import bpnn.lab.statistics.Misclassification;
import bpnn.lab.statistics.Proportion;
import bpnn.report.Curves;
import bpnn.report.Evidence;
import bpnn.report.Finding;
import bpnn.report.Finding.Support;
import bpnn.report.Published;
import bpnn.report.Question;
import bpnn.report.Study;
import bpnn.report.Words;
import bpnn.spi.Distortion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Why images are distorted. */
public final class Augmentation {
    private static final String SIMARD = "Simard, Steinkraus and Platt, Best practices, 2003, section 2";
    private static final Distortion AFFINE = new Distortion(2, 10, 0.1f, 0.1f, 0, 4);
    private static final Distortion ELASTIC = new Distortion(2, 10, 0.1f, 0.1f, 24, 4);
    private static final Overfitting OVERFITTING = new Overfitting("images as they are");

    /** The study. */
    public static final Study STUDY = new Study(
            Experiment.of(
                    "augmentation",
                    "Distorted images",
                    new Contender(Arm.plain("unit"), "images as they are"),
                    new Contender(Arm.plain("elastic").withDistortion(ELASTIC), "moved, turned and bent"),
                    new Contender(Arm.plain("affine").withDistortion(AFFINE), "moved and turned")),
            new Question(
                    "Distorted images shrink the gap between training and validation loss",
                    "Distorted images do not shrink the gap between training and validation loss",
                    "These seeds cannot tell whether distorted images shrink the gap between training and validation loss",
                    OVERFITTING::quantity,
                    OVERFITTING::wedges),
            List.of(
                    OVERFITTING.gap(
                            "A network that never sees the same image twice cannot learn it by heart: the gap between training and"
                                    + " validation loss shrinks.",
                            SIMARD),
                    Augmentation::distances,
                    Augmentation::vanished,
                    OVERFITTING.slower(
                            "It takes longer to learn.", "Cireşan et al., Deep, big, simple neural nets, 2010")),
            Published.NOTHING);

    /** Images whose distances are measured. */
    private static final int SAMPLE = 200;

    private static final int BINS = 24;
    private static final int SHOWN = 12;
    private static final long SEED = 1;

    private Augmentation() {}

    /** Pixel for pixel, with pixels from 0 to 1. */
    private static double distance(Dataset a, int i, Dataset b, int j) {
        int from = a.start(i);
        int other = b.start(j);
        double squares = 0;
        for (int k = 0; k < a.features(); k++) {
            int difference = (a.storage()[from + k] & 0xFF) - (b.storage()[other + k] & 0xFF);
            squares += (double) difference * difference;
        }
        return Math.sqrt(squares) / 255;
    }

    private static double nearest(Dataset images, int image, boolean ofItsClass) {
        return IntStream.range(0, images.size())
                .filter(other -> other != image && (images.label(other) == images.label(image)) == ofItsClass)
                .mapToDouble(other -> distance(images, image, images, other))
                .min()
                .orElse(Double.NaN);
    }

    private static double[] moved(Dataset sample, Distortion distortion) {
        Dataset distorted = DistortedImages.of(sample, distortion, SEED, 1);
        return IntStream.range(0, sample.size())
                .mapToDouble(i -> distance(sample, i, distorted, i))
                .toArray();
    }

    /** The cause: to a network that compares pixels, a distorted image is one that it has never seen. */
    private static Finding distances(Evidence evidence) {
        Dataset images = evidence.images();
        int count = Math.min(SAMPLE, images.size());
        Dataset sample = images.slice(0, count);
        double[] same = IntStream.range(0, count)
                .mapToDouble(i -> nearest(images, i, true))
                .toArray();
        double[] other = IntStream.range(0, count)
                .mapToDouble(i -> nearest(images, i, false))
                .toArray();
        double[] elastic = moved(sample, ELASTIC);
        double[] affine = moved(sample, AFFINE);
        long farther =
                IntStream.range(0, count).filter(i -> elastic[i] > same[i]).count();
        Proportion share = new Proportion(farther, count);
        Interval interval = share.interval();
        String seen = "Of " + count + " test images, " + Words.percent(share.share())
                + " end farther from themselves, pixel for pixel, than the nearest other image of their class is: "
                + Words.number(mean(elastic)) + " on average when moved, turned and bent, "
                + Words.number(mean(affine)) + " when moved and turned, against " + Words.number(mean(same))
                + " to the nearest of the class and " + Words.number(mean(other)) + " to the nearest of another.";
        double most = Math.max(
                Arrays.stream(elastic).max().orElse(1),
                Arrays.stream(other).max().orElse(1));
        String title = "Distance from an image";
        List<Series> series = List.of(
                density(0, "to the nearest of its class", Stroke.SOLID, same, most),
                density(0, "to the nearest of another class", Stroke.DASHED, other, most),
                density(WITH, "to itself, moved, turned and bent", Stroke.SOLID, elastic, most),
                density(2, "to itself, moved and turned", Stroke.SOLID, affine, most));
        Figure chart = Chart.of(
                evidence.id("distance"),
                title,
                Evidence.ends(title, series),
                Axis.linear("Euclidean distance, pixels from 0 to 1"),
                Axis.linear("share of images (%)"),
                series);
        return Finding.of(
                "To the eye it is the same image; pixel for pixel it is a new one, farther away than others of its class.",
                SIMARD,
                seen,
                interval.low() > 0.5
                        ? Support.SUPPORTED
                        : interval.high() < 0.5 ? Support.NOT_SUPPORTED : Support.UNDECIDED,
                List.of(chart, examples(evidence)));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static Series density(int contender, String label, Stroke stroke, double[] values, double most) {
        double[] x = new double[BINS];
        double[] y = new double[BINS];
        for (int bin = 0; bin < BINS; bin++) {
            x[bin] = (bin + 0.5) * most / BINS;
        }
        for (double value : values) {
            if (Double.isFinite(value)) {
                y[(int) Math.min(BINS - 1, value * BINS / most)] += 100.0 / values.length;
            }
        }
        return Series.plain(contender, label, stroke, x, y);
    }

    /** The first test image of a class after the other, and what becomes of it. */
    private static Figure examples(Evidence evidence) {
        Dataset originals = DistortedImages.samples(evidence.images(), ELASTIC, SEED, 3);
        List<ImageStrip.Item> items = new ArrayList<>();
        for (int i = 0; i < Math.min(SHOWN, originals.size()); i++) {
            double distance = distance(originals, i - i % 3, originals, i);
            String caption = i % 3 == 0 ? "as it is" : "at " + Words.number(distance);
            items.add(new ImageStrip.Item(ImagePicture.of(originals, i), caption, distance));
        }
        String title = "Images as they are, and as a network sees them in two epochs";
        return new ImageStrip(evidence.id("examples"), title, title + ", with their distance.", "distance", items);
    }

    /** For each test image, the share of a contender's runs that misread it. */
    private static double[] misread(Curves curves, int contender, int images) {
        double[] shares = new double[images];
        List<TrainedRun> runs = curves.runs(contender);
        for (TrainedRun run : runs) {
            for (Misclassification mistake : run.misread()) {
                shares[mistake.image()] += 1.0 / runs.size();
            }
        }
        return shares;
    }

    /** Errors that most runs make without distorted images and most do not with them, and the other way round. */
    private static Finding vanished(Evidence evidence) {
        Curves curves = evidence.curves();
        int images = evidence.images().size();
        double[] without = misread(curves, WITHOUT, images);
        double[] with = misread(curves, WITH, images);
        List<Integer> gone = changed(without, with);
        List<Integer> come = changed(with, without);
        Proportion share = new Proportion(gone.size(), Math.max(1, gone.size() + come.size()));
        String seen = gone.size()
                + " of the test images are misread by more than half of the runs on images as they are and by"
                + " fewer than half of those on distorted ones; of " + come.size() + " it is the other way round.";
        Support support = gone.size() + come.size() == 0
                ? Support.UNDECIDED
                : share.interval().low() > 0.5
                        ? Support.SUPPORTED
                        : share.interval().high() < 0.5 ? Support.NOT_SUPPORTED : Support.UNDECIDED;
        return Finding.of(
                "More errors vanish than appear.",
                SIMARD,
                seen,
                support,
                List.of(
                        strip(evidence, "vanished", "Errors that vanish", gone, without, with),
                        strip(evidence, "appeared", "Errors that appear", come, without, with)));
    }

    private static List<Integer> changed(double[] before, double[] after) {
        return IntStream.range(0, before.length)
                .filter(image -> before[image] > 0.5 && after[image] < 0.5)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer image) -> after[image] - before[image])
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static Figure strip(
            Evidence evidence, String id, String title, List<Integer> images, double[] without, double[] with) {
        Dataset test = evidence.images();
        List<ImageStrip.Item> items = new ArrayList<>();
        for (int image : images.subList(0, Math.min(SHOWN, images.size()))) {
            String caption = test.classNames().get(test.label(image)) + ": " + Words.percent(without[image]) + " → "
                    + Words.percent(with[image]);
            items.add(new ImageStrip.Item(ImagePicture.of(test, image), caption, with[image] - without[image]));
        }
        return new ImageStrip(
                evidence.id(id),
                title + ": the class, and the share of runs that misread it",
                title + ". " + images.size() + " images, the clearest " + items.size() + " shown.",
                "share of runs that misread it, with minus without",
                items);
    }
}
