package bpnn.lab.experiment;

import bpnn.lab.run.Normalisation;
import bpnn.lab.run.OptimizerName;
import bpnn.nn.NetworkSpec;
import bpnn.spi.Activation;
import java.util.List;
import java.util.Locale;

/** One way of training. Experiments share arms: what is the scaled arm of one is the undropped arm of the other. */
public enum Arm {
    RAW(Normalisation.NONE, 0, false, OptimizerName.ADAM),
    UNIT(Normalisation.UNIT, 0, false, OptimizerName.ADAM),
    STANDARD(Normalisation.STANDARD, 0, false, OptimizerName.ADAM),
    DROPOUT(Normalisation.UNIT, 0.3f, false, OptimizerName.ADAM),
    SGD(Normalisation.UNIT, 0, false, OptimizerName.SGD),
    BATCH_NORM(Normalisation.UNIT, 0, true, OptimizerName.SGD);

    private final Normalisation normalisation;
    private final float dropout;
    private final boolean batchNorm;
    private final OptimizerName optimizer;

    Arm(Normalisation normalisation, float dropout, boolean batchNorm, OptimizerName optimizer) {
        this.normalisation = normalisation;
        this.dropout = dropout;
        this.batchNorm = batchNorm;
        this.optimizer = optimizer;
    }

    /** Its name in folders and files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Normalisation normalisation() {
        return normalisation;
    }

    /** The probability of dropping a hidden unit. */
    public float dropout() {
        return dropout;
    }

    public boolean batchNorm() {
        return batchNorm;
    }

    public OptimizerName optimizer() {
        return optimizer;
    }

    /** Its network, for images of {@code inputs} pixels. */
    public NetworkSpec network(int inputs, List<Integer> hidden, int classes) {
        return new NetworkSpec(inputs, hidden, classes, Activation.TANH, dropout, false, batchNorm);
    }
}
