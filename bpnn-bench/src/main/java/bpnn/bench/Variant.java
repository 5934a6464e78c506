package bpnn.bench;

import bpnn.nn.NetworkSpec;
import bpnn.spi.Activation;
import java.util.List;

/** The networks that are trained: 784-512-512-10 with tanh, as it is, with dropout, and with batch normalisation. */
public enum Variant {
    PLAIN("plain"),
    DROPOUT("dropout 0.3"),
    BATCH_NORM("batch normalisation");

    /** Pixels of an image. */
    public static final int INPUTS = 784;
    /** Units of each of the two hidden layers. */
    public static final int HIDDEN = 512;
    /** Classes of digits. */
    public static final int CLASSES = 10;
    /** Probability of dropping a hidden unit. */
    public static final float RATE = 0.3f;

    private final String words;

    Variant(String words) {
        this.words = words;
    }

    /** Its structure. */
    NetworkSpec spec() {
        return new NetworkSpec(
                INPUTS,
                List.of(HIDDEN, HIDDEN),
                CLASSES,
                Activation.TANH,
                this == DROPOUT ? RATE : 0,
                false,
                this == BATCH_NORM);
    }

    @Override
    public String toString() {
        return words;
    }
}
