package bpnn.lab.experiment;

/** Settings that belong together. */
public enum Preset {
    /**
     * Ends in minutes. Plain gradient descent gets a rate at which both arms still move in the last epoch, so that their
     * speeds can be told apart.
     */
    DEFAULT(128, 8, 1e-3f, 1e-2f),
    /** Those of the article, whose code ignored the rate that it was given and used these. */
    ARTICLE(64, 50, 1e-4f, 1e-3f);

    private final int batchSize;
    private final int epochs;
    private final float adamRate;
    private final float sgdRate;

    Preset(int batchSize, int epochs, float adamRate, float sgdRate) {
        this.batchSize = batchSize;
        this.epochs = epochs;
        this.adamRate = adamRate;
        this.sgdRate = sgdRate;
    }

    public int batchSize() {
        return batchSize;
    }

    public int epochs() {
        return epochs;
    }

    /** The learning rate of arms that are trained with Adam. */
    public float adamRate() {
        return adamRate;
    }

    /** The learning rate of arms that are trained with plain gradient descent. */
    public float sgdRate() {
        return sgdRate;
    }
}
