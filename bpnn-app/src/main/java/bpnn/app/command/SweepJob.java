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
    /** Results are written at most so often while runs come to their ends, and in the end. */
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

    private record Run(Trial trial, long seed) {}

    SweepJob(Session session, SweepPlan plan, Path folder, KeptWeights keep) {
        this.session = session;
        this.plan = plan;
        this.folder = folder;
        this.keep = keep;
        this.results = new SweepResults(plan);
        this.progress = new SweepProgress(session, plan.runs());
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
     * Trains what has not been trained.
     *
     * @param parallel runs at once
     * @return whether all runs have come to their ends
     */
    boolean execute(BackendOptions backends, Selection selection, int parallel) {
        for (Trial trial : plan.trials()) {
            for (long seed : plan.seeds()) {
                new RunFolder(path(trial, seed))
                        .readRecord()
                        .flatMap(record -> RunOutcome.of(trial, seed, record))
                        .ifPresentOrElse(results::add, () -> waiting.add(new Run(trial, seed)));
            }
        }
        progress.begin(results.size());
        int share = Math.max(1, backends.compute().threads() / parallel);
        ExecutorService workers = Executors.newFixedThreadPool(parallel, work -> new Thread(work, "run"));
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < parallel; i++) {
            all.add(workers.submit(() -> work(backends, selection, parallel == 1 ? 0 : share)));
        }
        workers.shutdown();
        all.forEach(this::await);
        results.write(folder);
        return results.size() == plan.runs();
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
                RunOutcome outcome = train(backend, run.trial, run.seed);
                if (outcome != null) {
                    finish(outcome);
                }
            }
        }
    }

    private synchronized @Nullable Run next() {
        return stopRequested ? null : waiting.poll();
    }

    private Path path(Trial trial, long seed) {
        return folder.resolve("runs").resolve(trial.run(seed));
    }

    /** What the run came to; null if it was interrupted. */
    private @Nullable RunOutcome train(Backend backend, Trial trial, long seed) {
        RunFolder run = RunFolder.at(path(trial, seed));
        Map<String, String> options = new TreeMap<>(plan.options());
        options.putAll(trial.options());
        options.put("seed", String.valueOf(seed));
        try {
            TrainCommand command = RecordedOptions.parse(session.silent(), options);
            RunPlan planned = command.plan(images(command, options));
            if (planned.images().validation() == null) {
                throw new UsageException(
                        "--validation is 0, but a sweep chooses by the validation images; there must be some.");
            }
            options.put("out", run.path().toString());
            try (TrainingRun training = new TrainingRun(backend, planned)) {
                running.add(training);
                try {
                    return train(backend, training, planned, run, options) ? outcome(run, trial, seed) : null;
                } finally {
                    running.remove(training);
                }
            }
        } catch (DivergedException diverged) {
            return outcome(run, trial, seed);
        } catch (PlanException | UsageException | ParameterException e) {
            return RunOutcome.failed(trial, seed, String.valueOf(e.getMessage()));
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

    private static RunOutcome outcome(RunFolder run, Trial trial, long seed) {
        return run.readRecord()
                .flatMap(record -> RunOutcome.of(trial, seed, record))
                .orElseThrow(() -> new IllegalStateException(run.record() + " has no result"));
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
        removeWeights(outcome);
        if (System.nanoTime() - written > WRITE_NANOS) {
            results.write(folder);
            written = System.nanoTime();
        }
    }

    private void removeWeights(RunOutcome finished) {
        if (keep == KeptWeights.NONE) {
            removeWeights(finished.trial(), finished.seed());
        } else if (keep == KeptWeights.BEST) {
            results.ranking().stream()
                    .skip(1)
                    .forEach(result -> plan.seeds().forEach(seed -> removeWeights(result.trial(), seed)));
        }
    }

    private void removeWeights(Trial trial, long seed) {
        RunFolder run = new RunFolder(path(trial, seed));
        for (Path file : List.of(run.model(), run.checkpoint())) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new DataException(file + " could not be removed: " + AtomicFile.reason(e) + ".", e);
            }
        }
    }
}
