package bpnn.lab.trace;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.Word;
import bpnn.lab.run.JsonNumbers;
import bpnn.lab.run.TrainingRun;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import bpnn.spi.Numerics;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes the trace of a training while it goes on: states are copied between steps, and hashed, packed and written by a
 * thread of its own, one behind at most.
 */
public final class TraceWriter implements TrainingListener, AutoCloseable {
    private final TraceFolder folder;
    private final TrainingRun run;
    private final Backend backend;
    private final TraceSettings settings;
    private final TraceSchedule schedule;
    private final ChainFile chain;
    private final long stateBytes;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(work -> new Thread(work, "trace"));
    private @Nullable Future<?> inWork;
    private long links;
    private long lastStep;

    private TraceWriter(
            TraceFolder folder,
            TrainingRun run,
            Backend backend,
            TraceSettings settings,
            TraceSchedule schedule,
            ChainFile chain) {
        this.folder = folder;
        this.run = run;
        this.backend = backend;
        this.settings = settings;
        this.schedule = schedule;
        this.chain = chain;
        this.stateBytes = TraceState.of(run, run.state().steps()).bytes();
    }

    /**
     * Begins a trace with the initial state.
     *
     * @param run the training, before its first step
     * @param options with which {@code train} repeats it
     * @param record what {@code run.json} says of it
     */
    public static TraceWriter begin(
            TraceFolder folder,
            TrainingRun run,
            Backend backend,
            TraceSettings settings,
            Map<String, String> options,
            ObjectNode record) {
        try {
            Files.createDirectories(folder.states());
        } catch (IOException e) {
            throw new DataException(
                    "The folder " + folder.states() + " could not be created: " + AtomicFile.reason(e) + ".", e);
        }
        TraceSchedule schedule = schedule(run, backend, settings);
        ObjectNode header = JsonNodeFactory.instance.objectNode().put("trace", Trace.VERSION);
        header.put("everySteps", schedule.everySteps());
        header.put("stateEvery", schedule.stateEvery());
        header.put("stepsPerEpoch", schedule.stepsPerEpoch());
        header.put("numerics", Word.of(backend.numerics()));
        header.setAll(parts(options, record, List.of(Trace.CONFIGURATION, "data", "images", "versions")));
        ChainFile chain = ChainFile.begin(folder.chain());
        chain.append(header);
        TraceWriter trace = new TraceWriter(folder, run, backend, settings, schedule, chain);
        trace.link(0, null);
        return trace;
    }

    private static ObjectNode parts(Map<String, String> options, JsonNode record, List<String> names) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode given = node.putObject(Trace.OPTIONS);
        options.forEach(given::put);
        names.forEach(name -> node.set(name, record.path(name)));
        return node;
    }

    /**
     * Goes on with a trace where its training is taken up: what came behind is cut off and written anew, and a link that a
     * kill left unwritten is made up for.
     *
     * @param run the training, where it goes on
     * @param options with which {@code train} repeats it; its length may be another one than before
     * @param record what {@code run.json} says of it, as it would be read back
     * @throws DataException if the trace does not fit
     */
    public static TraceWriter resume(
            TraceFolder folder,
            TrainingRun run,
            Backend backend,
            TraceSettings settings,
            Map<String, String> options,
            JsonNode record) {
        Trace before = readUnfinished(folder);
        TraceSchedule schedule = schedule(
                run,
                backend,
                settings.stateEvery() > 0
                        ? settings
                        : new TraceSettings(
                                settings.everySteps(),
                                before.header().path("stateEvery").asInt(),
                                settings.key()));
        if (!before.schedule(run.stepsPerEpoch()).equals(schedule)) {
            throw unfit(folder, "was begun with other links, states or arithmetic");
        }
        long step = run.state().steps();
        Trace.Link last = lastLink(before, schedule, step);
        if (last.step() == step
                && !last.stateSha256().equals(TraceState.of(run, step).sha256())) {
            throw unfit(folder, "has another state for step " + step + " than the checkpoint");
        }
        ChainFile chain = ChainFile.behind(folder.chain(), last.sha256());
        TraceWriter trace = new TraceWriter(folder, run, backend, settings, schedule, chain);
        trace.links = before.links().indexOf(last) + 1L;
        trace.lastStep = last.step();
        if (last.step() < step) {
            List<EpochResult> epochs = run.state().epochs();
            trace.link(step, epochs.get(epochs.size() - 1));
            trace.await();
        }
        if (!before.header().path(Trace.CONFIGURATION).equals(record.path(Trace.CONFIGURATION))
                || before.isChangedAfter(last)) {
            chain.append(parts(options, record, List.of(Trace.CONFIGURATION)).put(Trace.RESUMED, step));
        }
        return trace;
    }

    /** The link of a step, or the one before it if only that of the step is missing. */
    private static Trace.Link lastLink(Trace trace, TraceSchedule schedule, long step) {
        List<Trace.Link> links =
                trace.links().stream().filter(link -> link.step() <= step).toList();
        Trace.Link last = links.get(links.size() - 1);
        for (long missing = last.step() + 1; missing < step; missing++) {
            if (schedule.hasLink(missing)) {
                throw unfit(
                        trace.folder(), "has no link for step " + missing + ", but the checkpoint stands at " + step);
            }
        }
        return last;
    }

    private static Trace readUnfinished(TraceFolder folder) {
        try {
            return Trace.readUnfinished(folder);
        } catch (ForgedTraceException e) {
            throw new DataException(e.getMessage() + " The run cannot go on with its trace.", e);
        }
    }

    private static DataException unfit(TraceFolder folder, String what) {
        return new DataException("The trace " + folder.chain() + " " + what + "; the run cannot go on with its trace.");
    }

    private static TraceSchedule schedule(TrainingRun run, Backend backend, TraceSettings settings) {
        return settings.schedule(run.stepsPerEpoch(), run.epochs(), backend.numerics() == Numerics.EXACT);
    }

    /** What is going to be written, for people. */
    public String description() {
        long epochs = run.epochs();
        long steps = epochs * schedule.stepsPerEpoch();
        long every = (long) schedule.stateEvery() * steps / Math.max(1, epochs * schedule.linksPerEpoch());
        long states = Math.max(1, steps / Math.max(1, every)) * (schedule.exact() ? 1 : 2);
        return "Trace: a link every "
                + (schedule.everySteps() == 0 ? "epoch" : schedule.everySteps() + " steps")
                + (schedule.stateEvery() == 1
                        ? ", each with its state"
                        : ", a state every " + schedule.stateEvery() + " links")
                + ", at most " + ((stateBytes * states) >> 20) + " MB.";
    }

    @Override
    public boolean observes(long step) {
        return schedule.hasLink(step) && !schedule.endsEpoch(step);
    }

    @Override
    public void afterStep(long step) {
        link(step, null);
    }

    @Override
    public void onEpoch(EpochResult result) {
        if (result.steps() == schedule.stepsPerEpoch()) {
            link((long) result.epoch() * schedule.stepsPerEpoch(), result);
        }
    }

    private void link(long step, @Nullable EpochResult figures) {
        TraceState state = TraceState.of(run, step);
        await();
        inWork = writer.submit(() -> write(state, figures));
        lastStep = step;
    }

    /** Waits for the link that is being written; what went wrong there goes wrong here. */
    private void await() {
        try {
            if (inWork != null) {
                inWork.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DataException fault) {
                throw fault;
            }
            throw new IllegalStateException("A link could not be written", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a link was being written", e);
        }
    }

    private void write(TraceState state, @Nullable EpochResult figures) {
        boolean kept = schedule.keepsState(state.step());
        if (kept) {
            state.write(folder.state(state.step()));
        }
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("link", links++);
        line.put("step", state.step()).put("epochs", state.epochs()).put("stateSha256", state.sha256());
        line.put("kept", kept);
        line.put("backend", backend.id()).put("device", backend.device());
        line.put("numerics", Word.of(backend.numerics()));
        if (figures != null) {
            line.put("steps", figures.steps()).put("images", figures.images());
            JsonNumbers.put(line, "trainLoss", figures.trainLoss());
            Evaluation validation = figures.validation();
            if (validation != null) {
                JsonNumbers.put(line, "validationLoss", validation.loss());
                JsonNumbers.put(line, "validationAccuracy", validation.accuracy());
            }
        }
        chain.append(line);
    }

    /**
     * Ends the trace, and signs it if it is to be signed.
     *
     * @param status done, interrupted or diverged
     * @param step steps since training began
     * @param weightsSha256 of the model that was kept
     */
    public void finish(String status, long step, String weightsSha256) {
        await();
        chain.append(JsonNodeFactory.instance
                .objectNode()
                .put("end", status)
                // A loss that is not finite is noticed some steps later, behind which there may be links.
                .put("step", Math.max(step, lastStep))
                .put("weightsSha256", weightsSha256));
        if (settings.key() != null) {
            chain.appendUnchained(JsonNodeFactory.instance
                    .objectNode()
                    .put(
                            "signature",
                            TraceSignature.of(chain.lastSha256(), settings.key())
                                    .bytes()));
        }
    }

    @Override
    public void close() {
        writer.shutdown();
        try {
            await();
        } finally {
            chain.close();
        }
    }
}
