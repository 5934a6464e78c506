package bpnn.app.command;

import bpnn.app.option.KeptWeights;
import bpnn.app.progress.SweepProgress;
import bpnn.app.session.Session;
import bpnn.lab.run.RunFolder;
import bpnn.lab.sweep.RunOutcome;
import bpnn.lab.sweep.SweepPlan;
import bpnn.lab.sweep.SweepResults;
import bpnn.lab.sweep.Trial;
import bpnn.lab.sweep.TrialResult;
import bpnn.lab.work.WorkEngine;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkResult;
import bpnn.lab.work.WorkerRecord;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Has the runs of a sweep carried out that have no result yet, one rung after the other, and writes the results. */
final class SweepJob {
    /** Results are written, and weights removed, at most so often while runs come to their ends, and in the end. */
    private static final long WRITE_NANOS = 2_000_000_000L;

    /** Writing takes at most one part in so many of the time. */
    private static final long SHARE = 20;

    private final SweepPlan plan;
    private final Path folder;
    private final KeptWeights keep;
    private final SweepResults results;
    private final SweepProgress progress;
    private final Map<String, Run> running = new HashMap<>();
    private final Set<String> withoutWeights = new HashSet<>();
    private long nextWrite = System.nanoTime() + WRITE_NANOS;

    private record Run(Trial trial, long seed, int rung) {}

    SweepJob(Session session, SweepPlan plan, Path folder, KeptWeights keep) {
        this.plan = plan;
        this.folder = folder;
        this.keep = keep;
        this.results = new SweepResults(plan);
        this.progress = new SweepProgress(session, plan);
    }

    SweepResults results() {
        return results;
    }

    /**
     * Has done what has not been done.
     *
     * @param engine carries runs out by {@link SweepHandler}s
     * @return whether all runs have come to their ends
     */
    boolean execute(WorkEngine engine) {
        int rungs = plan.halving().rungs();
        List<Trial> trials = plan.trials();
        for (int rung = 0; rung < rungs; rung++) {
            collect(rung);
        }
        progress.begin(results.size());
        for (int rung = 0; rung < rungs && !trials.isEmpty(); rung++) {
            boolean whole = engine.run(runs(), missing(trials, rung), this::finish);
            running.clear();
            if (!whole) {
                write();
                return false;
            }
            trials = results.goingOn(trials, rung);
        }
        write();
        return true;
    }

    private Path runs() {
        return folder.resolve("runs");
    }

    /** Takes the results in that an earlier call has left. */
    private void collect(int rung) {
        for (Trial trial : plan.trials()) {
            for (long seed : plan.seeds()) {
                read(new Run(trial, seed, rung));
            }
        }
    }

    /** Takes the result of a run in, if it has one. */
    private void read(Run run) {
        RunFolder own = folder(run);
        own.readRecord()
                .flatMap(record -> RunOutcome.of(run.trial, run.seed, run.rung, record, WorkerRecord.name(own.path())))
                .ifPresent(results::add);
    }

    /** The runs of a rung that have no result yet. */
    private List<WorkItem> missing(List<Trial> trials, int rung) {
        return trials.stream()
                .flatMap(trial -> plan.seeds().stream().map(seed -> new Run(trial, seed, rung)))
                .filter(run -> results.of(run.trial, run.seed, run.rung).isEmpty())
                .map(this::item)
                .toList();
    }

    private WorkItem item(Run run) {
        String name = plan.run(run.trial, run.seed, run.rung);
        running.put(name, run);
        return new WorkItem(name, SweepHandler.content(plan.options(run.trial, run.seed, run.rung)));
    }

    private RunFolder folder(Run run) {
        return new RunFolder(runs().resolve(plan.run(run.trial, run.seed, run.rung)));
    }

    private void finish(WorkResult result) {
        Run run = Objects.requireNonNull(running.get(result.item().name()));
        String failure = result.outcome().failure();
        if (failure == null) {
            read(run);
        } else {
            results.add(RunOutcome.failed(run.trial, run.seed, run.rung, result.worker(), failure));
        }
        progress.finished(results.of(run.trial, run.seed, run.rung).orElseThrow(), result.worker(), results.size());
        if (System.nanoTime() - nextWrite > 0) {
            write();
        }
    }

    private void write() {
        long start = System.nanoTime();
        results.write(folder);
        if (keep == KeptWeights.BEST) {
            keepBest();
        }
        long now = System.nanoTime();
        nextWrite = now + Math.max(WRITE_NANOS, SHARE * (now - start));
    }

    /** Of the best trial, the weights of the runs on its last rung stay. */
    private void keepBest() {
        List<TrialResult> ranking = results.ranking();
        for (int rank = 0; rank < ranking.size(); rank++) {
            TrialResult result = ranking.get(rank);
            for (int rung = 0; rung < result.rung() + (rank == 0 ? 0 : 1); rung++) {
                removeWeights(result.trial(), rung);
            }
        }
    }

    private void removeWeights(Trial trial, int rung) {
        for (long seed : plan.seeds()) {
            Run run = new Run(trial, seed, rung);
            // A file system should not be asked for 100,000 folders again and again.
            if (results.of(trial, seed, rung).isPresent() && withoutWeights.add(plan.run(trial, seed, rung))) {
                SweepHandler.removeWeights(folder(run));
            }
        }
    }
}
