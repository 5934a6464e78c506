package bpnn.lab.experiment;

import bpnn.lab.run.Normalisation;
import bpnn.lab.run.OptimizerName;
import bpnn.nn.NetworkSpec;
import bpnn.spi.Activation;
import bpnn.spi.Distortion;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One way of training. Equal arms of several experiments are trained once: what is the scaled arm of one is the undropped
 * arm of the other.
 *
 * @param id its name in folders and files: small letters, digits and hyphens
 * @param normalisation how pixels become inputs
 * @param dropout the probability of dropping a hidden unit
 * @param batchNorm whether hidden layers are normalised over the batch
 * @param optimizer how weights follow their gradients
 * @param learningRate the size of a step; null for the preset's
 * @param distortion how training images are distorted
 */
public record Arm(
        String id,
        Normalisation normalisation,
        float dropout,
        boolean batchNorm,
        OptimizerName optimizer,
        @Nullable Float learningRate,
        Distortion distortion) {
    private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    public Arm {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "An arm is named by small letters, digits and hyphens, but one is \"" + id + "\"");
        }
    }

    /** Pixels from 0 to 1, tanh and Adam with the preset's rate; no trick. */
    public static Arm plain(String id) {
        return new Arm(id, Normalisation.UNIT, 0, false, OptimizerName.ADAM, null, Distortion.NONE);
    }

    /** The same with other inputs. */
    public Arm withNormalisation(Normalisation other) {
        return new Arm(id, other, dropout, batchNorm, optimizer, learningRate, distortion);
    }

    /** The same with dropout. */
    public Arm withDropout(float probability) {
        return new Arm(id, normalisation, probability, batchNorm, optimizer, learningRate, distortion);
    }

    /** The same with batch normalisation. */
    public Arm withBatchNorm() {
        return new Arm(id, normalisation, dropout, true, optimizer, learningRate, distortion);
    }

    /** The same with another optimiser. */
    public Arm withOptimizer(OptimizerName other) {
        return new Arm(id, normalisation, dropout, batchNorm, other, learningRate, distortion);
    }

    /** The same with a learning rate of its own. */
    public Arm withLearningRate(float rate) {
        return new Arm(id, normalisation, dropout, batchNorm, optimizer, rate, distortion);
    }

    /** The same with distorted images. */
    public Arm withDistortion(Distortion other) {
        return new Arm(id, normalisation, dropout, batchNorm, optimizer, learningRate, other);
    }

    /** Its name within a kept result. */
    String key() {
        return id.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Its network, for images of {@code inputs} pixels. */
    public NetworkSpec network(int inputs, List<Integer> hidden, int classes) {
        return new NetworkSpec(inputs, hidden, classes, Activation.TANH, dropout, false, batchNorm);
    }
}
