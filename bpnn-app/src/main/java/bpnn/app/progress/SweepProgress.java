package bpnn.app.progress;

import bpnn.app.session.Session;
import bpnn.lab.sweep.RunOutcome;
import bpnn.lab.sweep.SweepPlan;
import java.util.Locale;

/** A line for each run of a sweep that has come to its end, with the time that is left. */
public final class SweepProgress {
    private final Session session;
    private final SweepPlan plan;
    private final long runs;
    private final long start = System.nanoTime();
    private long before;
    private long finished;

    public SweepProgress(Session session, SweepPlan plan) {
        this.session = session;
        this.plan = plan;
        this.runs = plan.runs();
    }

    /** The sweep begins or goes on. */
    public synchronized void begin(long finishedEarlier) {
        before = finishedEarlier;
        finished = finishedEarlier;
        session.notice(runs + (runs == 1 ? " run" : " runs")
                + (finishedEarlier == 0 ? "" : ", of which " + finishedEarlier + " are finished and kept") + ".");
    }

    /**
     * A run has come to its end.
     *
     * @param worker where; empty for here
     * @param finishedNow runs that have, this one among them
     */
    public synchronized void finished(RunOutcome outcome, String worker, long finishedNow) {
        finished = finishedNow;
        String what = outcome.isDone()
                ? String.format(
                        Locale.ROOT,
                        "validation accuracy %.4f, %.1f s",
                        outcome.validationAccuracy(),
                        outcome.seconds())
                : outcome.status() + (outcome.reason() == null ? "" : ": " + outcome.reason());
        session.notice("run " + finished + "/" + runs + ", " + plan.run(outcome.trial(), outcome.seed(), outcome.rung())
                + ": " + what + (worker.isEmpty() ? "" : ", on " + worker) + left());
    }

    private String left() {
        long whole =
                Math.round((System.nanoTime() - start) * 1e-9 * (runs - finished) / Math.max(1, finished - before));
        return finished == runs ? "" : String.format(Locale.ROOT, "; %d:%02d left", whole / 60, whole % 60);
    }
}
