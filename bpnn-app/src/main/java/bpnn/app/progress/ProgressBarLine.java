package bpnn.app.progress;

import bpnn.app.Terminal;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.TrainingListener;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress on a terminal: a bar over the whole training that is redrawn in place, and a line for each epoch above it. */
public final class ProgressBarLine implements TrainingListener, AutoCloseable {
    private static final int REDRAW_MILLIS = 200;

    private final Line line;
    private final ProgressBar bar;
    private final int epochs;
    private final int batchSize;
    private String accuracy = "";

    /**
     * @param epochs epochs of the training
     * @param steps steps of the training
     * @param batchSize images in a step
     */
    public ProgressBarLine(Terminal terminal, int epochs, long steps, int batchSize) {
        this.line = new Line(terminal);
        this.epochs = epochs;
        this.batchSize = batchSize;
        this.bar = new ProgressBarBuilder()
                .setTaskName("training")
                .setInitialMax(steps * batchSize)
                .setUnit(" images", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .showSpeed()
                .setConsumer(line)
                .build();
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        bar.setExtraMessage(String.format(
                Locale.ROOT, " epoch %d/%d, loss %.4f%s", epoch, epochs, losses[losses.length - 1], accuracy));
        bar.stepTo((firstStep + losses.length - 1) * batchSize);
    }

    @Override
    public void onEpoch(EpochResult result) {
        Evaluation validation = result.validation();
        if (validation != null) {
            accuracy = String.format(Locale.ROOT, ", accuracy %.4f", validation.accuracy());
        }
        line.above(EpochLine.of(result, epochs));
    }

    @Override
    public void close() {
        bar.close();
    }

    /** The terminal's last line, which the bar's own thread redraws while the training writes lines above it. */
    private static final class Line implements ProgressBarConsumer {
        private static final String CLEAR = "\r\033[K";

        private final Terminal terminal;
        private String shown = "";

        Line(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public int getMaxRenderedLength() {
            return terminal.columns() - 1;
        }

        @Override
        public synchronized void accept(String rendered) {
            shown = rendered;
            draw();
        }

        synchronized void above(String text) {
            terminal.err().print(CLEAR + text + "\n");
            draw();
        }

        private void draw() {
            terminal.err().print(CLEAR + shown);
            terminal.err().flush();
        }

        @Override
        public synchronized void close() {
            terminal.err().print(CLEAR);
            terminal.err().flush();
        }
    }
}
