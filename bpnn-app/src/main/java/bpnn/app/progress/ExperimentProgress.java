package bpnn.app.progress;

import bpnn.app.session.Terminal;
import bpnn.lab.experiment.ExperimentRunner;
import bpnn.lab.experiment.Task;
import java.util.Locale;

/** One progress display over all tasks: a line that is redrawn on a terminal, else plain lines now and then. */
public final class ExperimentProgress implements ExperimentRunner.ProgressListener, AutoCloseable {
    private static final String CLEAR_LINE = "\r\033[K";
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long SILENCE_NANOS = 15_000_000_000L;
    private static final int MAX_BAR = 30;

    private final Terminal terminal;
    private final long start = System.nanoTime();
    private long lastPrinted = start;
    private int tasks;
    private int finished;
    private long steps;
    private long done;
    private String task = "";

    public ExperimentProgress(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void onPlan(int allTasks, int finishedEarlier, long missingSteps) {
        tasks = allTasks;
        finished = finishedEarlier;
        steps = missingSteps;
        String kept = finishedEarlier == 0 ? "" : ", of which " + finishedEarlier + " are finished and kept";
        line(allTasks + " runs" + kept + ".");
    }

    @Override
    public void onTask(Task begun) {
        task = begun.name();
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        done += losses.length;
        long now = System.nanoTime();
        if (now - lastPrinted < (terminal.interactive() ? REDRAW_NANOS : SILENCE_NANOS)) {
            return;
        }
        lastPrinted = now;
        String left = timeLeft(now);
        if (terminal.interactive()) {
            print(CLEAR_LINE + bar(epoch, left));
        } else {
            line("run " + (finished + 1) + "/" + tasks + ", " + task + ", epoch " + epoch + "; " + left + " left");
        }
    }

    private String timeLeft(long now) {
        // Steps that diverged early are never taken, so the estimate is only that.
        long whole = Math.max(0, Math.round((now - start) * 1e-9 * (steps - done) / done));
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }

    private String bar(int epoch, String timeLeft) {
        double share = Math.min(1, (double) done / steps);
        String left = String.format(Locale.ROOT, "run %d/%d %3.0f %% [", finished + 1, tasks, 100 * share);
        String right = "] " + task + ", epoch " + epoch + ", " + timeLeft + " left";
        int width = Math.max(0, Math.min(MAX_BAR, terminal.columns() - 1 - left.length() - right.length()));
        int filled = (int) Math.round(share * width);
        String line = left + "=".repeat(filled) + " ".repeat(width - filled) + right;
        return line.substring(0, Math.min(line.length(), terminal.columns() - 1));
    }

    @Override
    public void onFinished(Task ended, String outcome) {
        finished++;
        line("run " + finished + "/" + tasks + ", " + ended.name() + (outcome.isEmpty() ? "" : ": " + outcome));
    }

    private void line(String text) {
        print((terminal.interactive() ? CLEAR_LINE : "") + text + System.lineSeparator());
    }

    private void print(String text) {
        terminal.err().print(text);
        terminal.err().flush();
    }

    /** Leaves a clean line. */
    @Override
    public void close() {
        if (terminal.interactive()) {
            print(CLEAR_LINE);
        }
    }
}
