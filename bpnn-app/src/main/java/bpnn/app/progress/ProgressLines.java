package bpnn.app.progress;

import bpnn.nn.EpochResult;
import bpnn.nn.TrainingListener;
import java.io.PrintStream;
import java.util.Locale;

/** Progress in plain lines: one per epoch, and one now and then while an epoch takes long. */
public final class ProgressLines implements TrainingListener {
    private static final long SILENCE_NANOS = 10_000_000_000L;

    private final PrintStream out;
    private final int epochs;
    private long lastLine = System.nanoTime();

    public ProgressLines(PrintStream out, int epochs) {
        this.out = out;
        this.epochs = epochs;
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        if (System.nanoTime() - lastLine > SILENCE_NANOS) {
            lastLine = System.nanoTime();
            out.printf(
                    Locale.ROOT,
                    "epoch %d/%d, step %d, %d left: loss %.4f%n",
                    epoch,
                    epochs,
                    firstStep + losses.length - 1,
                    stepsLeft,
                    losses[losses.length - 1]);
        }
    }

    @Override
    public void onEpoch(EpochResult result) {
        lastLine = System.nanoTime();
        out.println(EpochLine.of(result, epochs));
    }
}
