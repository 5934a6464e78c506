package bpnn.app.progress;

import bpnn.app.session.Terminal;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.TrainingListener;
import java.util.Locale;

/** Progress on a terminal: a bar over the whole training, redrawn in place, and a line for each epoch above it. */
public final class ProgressBar implements TrainingListener, AutoCloseable {
    private static final String CLEAR_LINE = "\r\033[K";
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int MAX_BAR = 40;

    private final Terminal terminal;
    private final int epochs;
    private final long steps;
    private final int batchSize;
    private final long start = System.nanoTime();
    private long lastDrawn = start - REDRAW_NANOS;
    private String accuracy = "";
    /** Steps that were taken before, by a run that is resumed; -1 while nothing is known of it. */
    private long begun = -1;

    /**
     * @param epochs epochs of the training
     * @param steps steps of the training
     * @param batchSize images in a step
     */
    public ProgressBar(Terminal terminal, int epochs, long steps, int batchSize) {
        this.terminal = terminal;
        this.epochs = epochs;
        this.steps = steps;
        this.batchSize = batchSize;
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        long now = System.nanoTime();
        if (now - lastDrawn >= REDRAW_NANOS) {
            lastDrawn = now;
            long done = firstStep + losses.length - 1;
            begun = begun < 0 ? firstStep - 1 : begun;
            print(CLEAR_LINE + line(epoch, done, losses[losses.length - 1], (now - start) * 1e-9));
        }
    }

    private String line(int epoch, long done, float loss, double seconds) {
        double share = Math.min(1, (double) done / steps);
        String left = String.format(Locale.ROOT, "epoch %d/%d %3.0f %% [", epoch, epochs, 100 * share);
        String right = String.format(
                Locale.ROOT,
                "] loss %.4f%s, %,.0f images/s, %s left",
                loss,
                accuracy,
                (done - begun) * batchSize / seconds,
                time((steps - done) * seconds / (done - begun)));
        int width = Math.max(0, Math.min(MAX_BAR, terminal.columns() - 1 - left.length() - right.length()));
        int filled = (int) Math.round(share * width);
        String line = left + "=".repeat(filled) + " ".repeat(width - filled) + right;
        return line.substring(0, Math.min(line.length(), terminal.columns() - 1));
    }

    private static String time(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }

    @Override
    public void onEpoch(EpochResult result) {
        Evaluation validation = result.validation();
        if (validation != null) {
            accuracy = String.format(Locale.ROOT, ", accuracy %.4f", validation.accuracy());
        }
        print(CLEAR_LINE + EpochLine.of(result, epochs) + "\n");
        lastDrawn = System.nanoTime() - REDRAW_NANOS;
    }

    private void print(String text) {
        terminal.err().print(text);
        terminal.err().flush();
    }

    /** Leaves a clean line. */
    @Override
    public void close() {
        print(CLEAR_LINE);
    }
}
