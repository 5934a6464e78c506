package bpnn.io.model;

import bpnn.data.Dataset;
import bpnn.io.image.DistortedImages;
import bpnn.nn.Evaluation;
import bpnn.nn.Evaluator;
import bpnn.spi.Backend;
import bpnn.spi.Distortion;
import java.util.ArrayList;
import java.util.List;

/**
 * Several networks on a backend, or several versions of each image: the mean of their probabilities or logits, computed in
 * float64 on the host.
 */
public final class LoadedEnsemble implements Classifier {
    private final Ensemble ensemble;
    private final List<LoadedModel> members = new ArrayList<>();
    private final Versions versions;

    /**
     * What is judged of each image beside the image itself.
     *
     * @param count how many distorted versions
     * @param distortion how they are distorted
     * @param seed decides how
     */
    public record Versions(int count, Distortion distortion, long seed) {
        /** The image alone. */
        public static final Versions NONE = new Versions(0, Distortion.NONE, 0);
    }

    /** Brings the networks to the backend. */
    public LoadedEnsemble(Backend backend, Ensemble ensemble, Versions versions) {
        this.ensemble = ensemble;
        this.versions = versions;
        try {
            ensemble.members().forEach(model -> members.add(new LoadedModel(backend, model)));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** A classifier of one network alone, or of several together. */
    public static Classifier of(Backend backend, Ensemble ensemble, Versions versions) {
        return ensemble.members().size() == 1 && versions.count() == 0
                ? new LoadedModel(backend, ensemble.first())
                : new LoadedEnsemble(backend, ensemble, versions);
    }

    @Override
    public float[][] probabilities(Dataset images) {
        double[][] sums = new double[images.size()][images.classes()];
        for (int version = 0; version <= versions.count(); version++) {
            Dataset shown =
                    version == 0 ? images : DistortedImages.of(images, versions.distortion(), versions.seed(), version);
            add(members, ensemble.combination(), shown, sums);
        }
        return mean(sums, members.size() * (versions.count() + 1), ensemble.combination());
    }

    /** The mean probabilities of several networks, a row per image. */
    public static float[][] mean(List<LoadedModel> members, Combination combination, Dataset images) {
        double[][] sums = new double[images.size()][images.classes()];
        add(members, combination, images, sums);
        return mean(sums, members.size(), combination);
    }

    private static void add(List<LoadedModel> members, Combination combination, Dataset images, double[][] sums) {
        for (LoadedModel member : members) {
            add(combination == Combination.LOGITS ? member.logits(images) : member.probabilities(images), sums);
        }
    }

    private static float[][] mean(double[][] sums, int judgements, Combination combination) {
        float[][] result = new float[sums.length][];
        for (int i = 0; i < sums.length; i++) {
            result[i] = new float[sums[i].length];
            for (int j = 0; j < sums[i].length; j++) {
                result[i][j] = (float) (sums[i][j] / judgements);
            }
            if (combination == Combination.LOGITS) {
                result[i] = Evaluator.softmax(result[i], 0, result[i].length);
            }
        }
        return result;
    }

    private static void add(float[][] values, double[][] sums) {
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values[i].length; j++) {
                sums[i][j] += values[i][j];
            }
        }
    }

    @Override
    public Evaluation evaluate(Dataset images) {
        float[][] probabilities = probabilities(images);
        int[] predictions = new int[images.size()];
        float[] losses = new float[images.size()];
        double sum = 0;
        int correct = 0;
        for (int i = 0; i < predictions.length; i++) {
            predictions[i] = best(probabilities[i]);
            losses[i] = (float) -StrictMath.log(probabilities[i][images.label(i)]);
            sum += losses[i];
            correct += predictions[i] == images.label(i) ? 1 : 0;
        }
        int count = Math.max(1, images.size());
        return new Evaluation(sum / count, (double) correct / count, predictions, losses);
    }

    /** The first of the most probable classes; their number if a probability is NaN. */
    private static int best(float[] probabilities) {
        int best = 0;
        for (int j = 0; j < probabilities.length; j++) {
            if (Float.isNaN(probabilities[j])) {
                return probabilities.length;
            }
            best = probabilities[j] > probabilities[best] ? j : best;
        }
        return best;
    }

    @Override
    public void close() {
        members.forEach(LoadedModel::close);
    }
}
