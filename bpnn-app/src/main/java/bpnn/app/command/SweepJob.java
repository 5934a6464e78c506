package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.KeptWeights;
import bpnn.app.option.SplitOptions;
import bpnn.app.option.UsageException;
import bpnn.app.progress.SweepProgress;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.backend.Selection;
import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.lab.run.PlanException;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.lab.sweep.RunOutcome;
import bpnn.lab.sweep.SweepPlan;
import bpnn.lab.sweep.SweepResults;
import bpnn.lab.sweep.Trial;
import bpnn.lab.sweep.TrialResult;
import bpnn.nn.DivergedException;
import bpnn.spi.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Carries out the runs of a sweep that have no result yet, each as an ordinary run in a folder of its own, on one backend or
 * on several at once.
 */
final class SweepJob {
    /** Results are written, and weights removed, at most so often while runs come to their ends, and in the end. */
    private static final long WRITE_NANOS = 2_000_000_000L;

    private final Session session;
    private final SweepPlan plan;
    private final Path folder;
    private final KeptWeights keep;
    private final SweepResults results;
    private final SweepProgress progress;
    private final Map<String, RunPlan.Images> images = new HashMap<>();
    private final Set<String> imageOptions = Stream.of(new DataOptions(), new SplitOptions())
            .flatMap(options -> CommandSpec.forAnnotatedObject(options).options().stream())
            .map(EffectiveOptions::name)
            .collect(Collectors.toUnmodifiableSet());
    private final Deque<Run> waiting = new ArrayDeque<>();
    private final Set<TrainingRun> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopRequested;
    private long written;

    private record Run(Trial trial, long seed, int rung) {}

    SweepJob(Session session, SweepPlan plan, Path folder, KeptWeights keep) {
        this.session = session;
        this.plan = plan;
        this.folder = folder;
        this.keep = keep;
        this.results = new SweepResults(plan);
        this.progress = new SweepProgress(session, plan);
    }

    SweepResults results() {
        return results;
    }

    /** Asks for an end soon; any thread may call it. */
    void requestStop() {
        stopRequested = true;
        running.forEach(TrainingRun::requestStop);
    }

    /**
     * Trains what has not been trained, one rung after the other.
     *
     * @param parallel runs at once
     * @return whether all runs have come to their ends
     */
    boolean execute(BackendOptions backends, Selection selection, int parallel) {
        int rungs = plan.halving().rungs();
        List<Trial> trials = plan.trials();
        for (int rung = 0; rung < rungs; rung++) {
            collect(rung);
        }
        progress.begin(results.size());
        for (int rung = 0; rung < rungs && !trials.isEmpty(); rung++) {
            if (!train(missing(trials, rung), backends, selection, parallel)) {
                write();
                return false;
            }
            trials = results.goingOn(trials, rung);
        }
        write();
        return true;
    }

    /** Takes the results in that an earlier call has left. */
    private void collect(int rung) {
        for (Trial trial : plan.trials()) {
            for (long seed : plan.seeds()) {
                folder(new Run(trial, seed, rung))
                        .readRecord()
                        .flatMap(record -> RunOutcome.of(trial, seed, rung, record))
                        .ifPresent(results::add);
            }
        }
    }

    /** The runs of a rung that have no result yet. */
    private List<Run> missing(List<Trial> trials, int rung) {
        return trials.stream()
                .flatMap(trial -> plan.seeds().stream().map(seed -> new Run(trial, seed, rung)))
                .filter(run -> results.of(run.trial, run.seed, run.rung).isEmpty())
                .toList();
    }

    /** Whether all have come to their ends. */
    private boolean train(List<Run> missing, BackendOptions backends, Selection selection, int parallel) {
        if (missing.isEmpty()) {
            return true;
        }
        waiting.addAll(missing);
        int share = Math.max(1, backends.compute().threads() / parallel);
        ExecutorService workers = Executors.newFixedThreadPool(parallel, work -> new Thread(work, "run"));
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < parallel; i++) {
            all.add(workers.submit(() -> work(backends, selection, parallel == 1 ? 0 : share)));
        }
        workers.shutdown();
        all.forEach(this::await);
        return missing.stream()
                .allMatch(run -> results.of(run.trial, run.seed, run.rung).isPresent());
    }

    /** What goes wrong in one worker stops all. */
    private void await(Future<?> worker) {
        try {
            worker.get();
        } catch (ExecutionException e) {
            requestStop();
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException("A run failed", e.getCause());
        } catch (InterruptedException e) {
            requestStop();
            Thread.currentThread().interrupt();
        }
    }

    private void work(BackendOptions backends, Selection selection, int threads) {
        try (Backend backend = threads == 0
                ? backends.compute().open(session.silent(), selection)
                : backends.compute().openShare(selection, threads)) {
            for (Run run = next(); run != null; run = next()) {
                RunOutcome outcome = train(backend, run);
                if (outcome != null) {
                    finish(outcome);
                }
            }
        }
    }

    private synchronized @Nullable Run next() {
        return stopRequested ? null : waiting.poll();
    }

    private RunFolder folder(Run run) {
        return new RunFolder(folder.resolve("runs").resolve(plan.run(run.trial, run.seed, run.rung)));
    }

    /** What the run came to; null if it was interrupted. */
    private @Nullable RunOutcome train(Backend backend, Run run) {
        RunFolder own = RunFolder.at(folder(run).path());
        Map<String, String> options = plan.options(run.trial, run.seed, run.rung);
        try {
            TrainCommand command = RecordedOptions.parse(session.silent(), options);
            RunPlan planned = command.plan(images(command, options));
            if (planned.images().validation() == null) {
                throw new UsageException(
                        "--validation is 0, but a sweep chooses by the validation images; there must be some.");
            }
            options.put("out", own.path().toString());
            try (TrainingRun training = new TrainingRun(backend, planned)) {
                running.add(training);
                try {
                    return train(backend, training, planned, own, options) ? outcome(run) : null;
                } finally {
                    running.remove(training);
                }
            }
        } catch (DivergedException diverged) {
            return outcome(run);
        } catch (PlanException | UsageException | ParameterException e) {
            return RunOutcome.failed(run.trial, run.seed, run.rung, String.valueOf(e.getMessage()));
        }
    }

    private boolean train(
            Backend backend, TrainingRun training, RunPlan planned, RunFolder run, Map<String, String> options) {
        if (stopRequested) {
            return false;
        }
        TrainingJob job = new TrainingJob(session.silent(), training, planned, run, backend, options, null);
        job.resume(run.readCheckpoint());
        return job.execute() == ExitCode.DONE;
    }

    private RunOutcome outcome(Run run) {
        RunFolder own = folder(run);
        return own.readRecord()
                .flatMap(record -> RunOutcome.of(run.trial, run.seed, run.rung, record))
                .orElseThrow(() -> new IllegalStateException(own.record() + " has no result"));
    }

    /** Most sweeps change nothing about the images, so these are loaded once. */
    private synchronized RunPlan.Images images(TrainCommand command, Map<String, String> options) {
        Map<String, String> ofImages = new TreeMap<>(options);
        ofImages.keySet().retainAll(imageOptions);
        return images.computeIfAbsent(ofImages.toString(), key -> command.images());
    }

    private synchronized void finish(RunOutcome outcome) {
        results.add(outcome);
        progress.finished(outcome);
        if (keep == KeptWeights.NONE) {
            removeWeights(outcome.trial(), outcome.rung());
        }
        if (System.nanoTime() - written > WRITE_NANOS) {
            write();
            written = System.nanoTime();
        }
    }

    private void write() {
        results.write(folder);
        if (keep == KeptWeights.BEST) {
            List<TrialResult> ranking = results.ranking();
            for (int rank = 0; rank < ranking.size(); rank++) {
                // Of the best trial, the runs on its last rung stay.
                for (int rung = 0; rung < ranking.get(rank).rung() + (rank == 0 ? 0 : 1); rung++) {
                    removeWeights(ranking.get(rank).trial(), rung);
                }
            }
        }
    }

    private void removeWeights(Trial trial, int rung) {
        for (long seed : plan.seeds()) {
            if (results.of(trial, seed, rung).isPresent()) {
                RunFolder run = folder(new Run(trial, seed, rung));
                remove(run.model());
                remove(run.checkpoint());
            }
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new DataException(file + " could not be removed: " + AtomicFile.reason(e) + ".", e);
        }
    }
}
