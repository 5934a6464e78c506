package bpnn.nn;

/** Training diverged: the loss is no longer finite. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int epoch;
    private final long step;

    DivergedException(int epoch, long step, float loss) {
        super("The loss became " + loss + " in epoch " + epoch + " at step " + step
                + "; a smaller learning rate or scaled inputs usually help");
        this.epoch = epoch;
        this.step = step;
    }

    /** The epoch, from 1. */
    public int epoch() {
        return epoch;
    }

    /** The step since training began, from 1. */
    public long step() {
        return step;
    }
}
