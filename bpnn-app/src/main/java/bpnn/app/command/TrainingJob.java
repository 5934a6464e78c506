package bpnn.app.command;

import bpnn.app.live.RunView;
import bpnn.app.progress.ProgressBar;
import bpnn.app.progress.ProgressLines;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.io.file.AtomicFile;
import bpnn.io.model.Combination;
import bpnn.io.model.Ensemble;
import bpnn.io.model.LoadedEnsemble;
import bpnn.io.model.Model;
import bpnn.io.tensorboard.TensorBoardListener;
import bpnn.lab.run.BackendChange;
import bpnn.lab.run.Checkpoint;
import bpnn.lab.run.HistoryFiles;
import bpnn.lab.run.PlanException;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.RunRecord;
import bpnn.lab.run.RunResult;
import bpnn.lab.run.SubnormalWatch;
import bpnn.lab.run.TrainingRun;
import bpnn.lab.trace.TraceFolder;
import bpnn.lab.trace.TraceSettings;
import bpnn.lab.trace.TraceWriter;
import bpnn.nn.DivergedException;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.TrainingListener;
import bpnn.nn.TrainingResult;
import bpnn.nn.TrainingState;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Carries a training out in its run folder, from the beginning or from a checkpoint, and writes all files. */
final class TrainingJob {
    private final Session session;
    private final TrainingRun run;
    private final RunPlan plan;
    private final RunFolder folder;
    private final Backend backend;
    private final RunRecord record;
    private final Map<String, String> options;
    private final @Nullable Path events;
    private final List<TrainingListener> watchers = new ArrayList<>();
    private long lastStep = Long.MAX_VALUE;
    private LoadedEnsemble.Versions versions = LoadedEnsemble.Versions.NONE;
    private @Nullable TraceSettings tracing;
    private @Nullable TraceWriter trace;
    private @Nullable RunView shown;
    private @Nullable Checkpoint checkpoint;
    private @Nullable Double temperature;

    /**
     * @param options the command's options in force
     * @param events folder for TensorBoard; null for none
     */
    TrainingJob(
            Session session,
            TrainingRun run,
            RunPlan plan,
            RunFolder folder,
            Backend backend,
            Map<String, String> options,
            @Nullable Path events) {
        this.session = session;
        this.run = run;
        this.plan = plan;
        this.folder = folder;
        this.backend = backend;
        this.options = options;
        this.events = events;
        this.record = new RunRecord(folder, plan, backend, options);
    }

    /**
     * Takes up what the folder holds. Nothing in it is changed before all of it is known to fit.
     *
     * @param found the folder's checkpoint, if it has one
     */
    void resume(Optional<Checkpoint> found) {
        TraceFolder traces = new TraceFolder(folder.path());
        if (tracing == null && Files.exists(traces.chain())) {
            throw new PlanException(
                    "The run in " + folder.path()
                            + " has a trace, which would end here; give the options that it was begun with, --trace among them.");
        }
        Optional<? extends JsonNode> before = found.isPresent() ? found.map(Checkpoint::run) : folder.readRecord();
        int epochs = found.map(c -> c.training().epochs().size()).orElse(0);
        long steps = found.map(c -> c.training().steps()).orElse(0L);
        Optional<BackendChange> change = before.flatMap(earlier -> record.resume(earlier, epochs, steps));
        found.ifPresent(run::resume);
        change.ifPresent(this::announce);
        checkpoint = found.orElse(null);
        session.notice(
                found.isPresent()
                        ? "Going on after epoch " + epochs + " of "
                                + plan.training().epochs() + "."
                        : "There is no checkpoint in " + folder.path() + " yet; beginning with the first epoch.");
    }

    private void announce(BackendChange change) {
        if (change.keepsBits()) {
            session.notice(change.sentence());
        } else {
            session.warning(change.sentence());
        }
    }

    /** Ends the training after a step at the latest. */
    void stopAfter(long step) {
        lastStep = step;
    }

    /** Judges by distorted versions of each test image too. */
    void judgeBy(LoadedEnsemble.Versions wanted) {
        versions = wanted;
    }

    /** Lets the training leave a trace. Called before {@link #resume}. */
    void trace(TraceSettings settings) {
        tracing = settings;
    }

    /** Lets somebody else hear of the training. */
    void watch(TrainingListener watcher) {
        watchers.add(watcher);
    }

    /** Tells a page how the training begins and ends. */
    void show(RunView view) {
        shown = view;
    }

    /** Trains and writes; gives the exit code. */
    int execute() {
        try (HistoryFiles history = HistoryFiles.open(folder, plan.logSteps());
                TraceWriter opened = openTrace()) {
            trace = opened;
            AtomicFile.removeRemnants(folder.path());
            record.write();
            try {
                return execute(history);
            } catch (DivergedException diverged) {
                throw diverged;
            } catch (RuntimeException | Error e) {
                record.fail(e);
                tell(RunView.Status.FAILED, String.valueOf(e.getMessage() == null ? e : e.getMessage()));
                throw e;
            }
        }
    }

    private @Nullable TraceWriter openTrace() {
        if (tracing == null) {
            return null;
        }
        TraceFolder traces = new TraceFolder(folder.path());
        TraceWriter writer = checkpoint == null
                ? TraceWriter.begin(traces, run, backend, tracing, RecordedOptions.ofTraining(options), record.toJson())
                : TraceWriter.resume(
                        traces, run, backend, tracing, RecordedOptions.ofTraining(options), record.textualCopy());
        session.notice(writer.description());
        return writer;
    }

    private void finishTrace(String status, long steps) {
        if (trace != null) {
            trace.finish(status, steps, run.model().sha256());
        }
    }

    private int execute(HistoryFiles history) {
        if (checkpoint != null) {
            history.replay(checkpoint);
            showEarlier(checkpoint.training());
        }
        tell(RunView.Status.RUNNING, null);
        TrainingResult result;
        try {
            result = train(history);
        } catch (DivergedException diverged) {
            writeModel(run.model());
            finishTrace("diverged", diverged.step());
            record.finish("diverged", RunResult.diverged(diverged, run.model()));
            session.notice("The last good weights are in " + folder.model() + ".");
            tell(RunView.Status.DIVERGED, diverged.getMessage() + "; the last good weights are kept.");
            throw diverged;
        }
        if (plan.calibrated() && !result.interrupted()) {
            temperature = run.calibrate();
            session.notice(String.format(Locale.ROOT, "Calibrated: logits divided by %.4f.", temperature));
        }
        Model model = run.model();
        writeModel(model);
        RunResult figures = RunResult.of(result, judged(model), model, backend);
        if (temperature != null) {
            figures.json().put("temperature", temperature);
        }
        String status = result.interrupted() ? "interrupted" : "done";
        finishTrace(status, result.steps());
        record.finish(status, figures.json());
        if (shown != null) {
            shown.end(model.sha256());
        }
        tell(result.interrupted() ? RunView.Status.INTERRUPTED : RunView.Status.DONE, null);
        session.result(figures.text() + "\nWritten to " + folder.path(), figures.json());
        if (result.interrupted()) {
            session.notice("Interrupted after " + result.steps()
                    + " steps; what was learnt is written, and --resume goes on after the last whole epoch.");
        }
        return result.interrupted() ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }

    private void tell(RunView.Status status, @Nullable String sentence) {
        if (shown != null) {
            shown.become(status, sentence);
        }
    }

    private void showEarlier(TrainingState before) {
        if (shown != null) {
            before.epochs().forEach(shown.record()::epoch);
            shown.reach(before.steps());
        }
    }

    private Evaluation judged(Model model) {
        if (versions.count() == 0) {
            return run.evaluate(plan.images().test());
        }
        Ensemble alone = new Ensemble(List.of(model), Combination.PROBABILITIES);
        try (LoadedEnsemble loaded = new LoadedEnsemble(backend, alone, versions)) {
            return loaded.evaluate(plan.images().test());
        }
    }

    private TrainingResult train(HistoryFiles history) {
        List<TrainingListener> listeners = new ArrayList<>(List.of(record.firstStep(), history));
        if (trace != null) {
            listeners.add(trace);
        }
        listeners.add(checkpoints(history));
        listeners.add(new SubnormalWatch(session::warning));
        listeners.addAll(watchers);
        if (events == null) {
            return trainWithProgress(listeners);
        }
        int done = checkpoint == null ? 0 : checkpoint.training().epochs().size();
        try (TensorBoardListener board =
                new TensorBoardListener(events, () -> run.model().state(), done)) {
            listeners.add(wholeEpochs(board));
            return trainWithProgress(listeners);
        }
    }

    private TrainingResult trainWithProgress(List<TrainingListener> listeners) {
        int epochs = plan.training().epochs();
        if (session.common().quiet()) {
            return run.train(TrainingListener.all(listeners), lastStep);
        }
        if (!session.terminal().interactive()) {
            listeners.add(new ProgressLines(session.terminal().err(), epochs));
            return run.train(TrainingListener.all(listeners), lastStep);
        }
        long all = (long) epochs * run.stepsPerEpoch();
        long limit = plan.training().maxSteps();
        long steps = limit == 0 ? all : Math.min(limit, all);
        try (ProgressBar bar = new ProgressBar(
                session.terminal(), epochs, steps, plan.training().batchSize())) {
            listeners.add(bar);
            return run.train(TrainingListener.all(listeners), lastStep);
        }
    }

    /** Writes a checkpoint after each whole epoch. */
    private TrainingListener checkpoints(HistoryFiles history) {
        return wholeEpochs(new TrainingListener() {
            @Override
            public void onEpoch(EpochResult result) {
                new Checkpoint(record.toJson(), run.model().state(), run.state(), history.stepLosses())
                        .write(folder.checkpoint());
            }
        });
    }

    /** For who must not hear of an epoch that was cut short, which is trained again on resuming. */
    private TrainingListener wholeEpochs(TrainingListener listener) {
        return new TrainingListener() {
            @Override
            public void onEpoch(EpochResult result) {
                if (result.steps() == run.stepsPerEpoch()) {
                    listener.onEpoch(result);
                }
            }
        };
    }

    private void writeModel(Model model) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("dataset", plan.images().train().name());
        facts.put("dropout", plan.network().dropout().toString());
        facts.put("normalize", plan.normalisation());
        facts.put("seed", String.valueOf(plan.training().seed()));
        if (temperature != null) {
            facts.put("temperature", String.valueOf(temperature));
        }
        model.write(folder.model(), facts);
    }
}
