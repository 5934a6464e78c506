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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the trace of a training while it goes on. Each link is on disk before the next step begins. */
public final class TraceWriter implements TrainingListener, AutoCloseable {
    private final TraceFolder folder;
    private final TrainingRun run;
    private final Backend backend;
    private final TraceSettings settings;
    private final TraceSchedule schedule;
    private final FileChannel chain;
    private final long stateBytes;
    private long links;
    private long lastStep;
    private String previous;

    private TraceWriter(
            TraceFolder folder,
            TrainingRun run,
            Backend backend,
            TraceSettings settings,
            TraceSchedule schedule,
            FileChannel chain,
            String previous) {
        this.folder = folder;
        this.run = run;
        this.backend = backend;
        this.settings = settings;
        this.schedule = schedule;
        this.chain = chain;
        this.previous = previous;
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
        TraceSchedule schedule = schedule(run, backend, settings);
        ObjectNode header = JsonNodeFactory.instance.objectNode().put("trace", Trace.VERSION);
        header.put("everySteps", schedule.everySteps());
        header.put("stateEvery", schedule.stateEvery());
        header.put("stepsPerEpoch", schedule.stepsPerEpoch());
        header.put("numerics", Word.of(backend.numerics()));
        header.setAll(parts(options, record, List.of(Trace.CONFIGURATION, "data", "images", "versions")));
        header.put("previous", "");
        String line = ChainedLine.of(header);
        try {
            Files.createDirectories(folder.states());
            FileChannel chain = FileChannel.open(
                    folder.chain(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            TraceWriter writer =
                    new TraceWriter(folder, run, backend, settings, schedule, chain, ChainedLine.stated(line));
            writer.append(line);
            writer.link(0, null);
            return writer;
        } catch (IOException e) {
            throw notWritten(folder, e);
        }
    }

    private static ObjectNode parts(Map<String, String> options, JsonNode record, List<String> names) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode given = node.putObject(Trace.OPTIONS);
        options.forEach(given::put);
        names.forEach(name -> node.set(name, record.path(name)));
        return node;
    }

    /**
     * Goes on with a trace where its training is taken up: what came behind is cut off, and written anew.
     *
     * @param run the training, where it goes on
     * @param options with which {@code train} repeats it; its length may be another one than before
     * @param record what {@code run.json} says of it, as it would be read back
     * @throws DataException if the trace does not reach so far
     */
    public static TraceWriter resume(
            TraceFolder folder,
            TrainingRun run,
            Backend backend,
            TraceSettings settings,
            Map<String, String> options,
            JsonNode record) {
        Trace trace = readUnfinished(folder);
        long step = run.state().steps();
        String state = TraceState.of(run, step).sha256();
        Trace.Link last = trace.links().stream()
                .filter(link -> link.step() == step)
                .findFirst()
                .orElseThrow(() -> new DataException("The trace " + folder.chain() + " has no link for step " + step
                        + ", where the checkpoint stands; the run cannot go on with its trace."));
        if (!last.stateSha256().equals(state)) {
            throw new DataException("The trace " + folder.chain() + " has another state for step " + step
                    + " than the checkpoint; the run cannot go on with its trace.");
        }
        TraceSchedule schedule = schedule(
                run,
                backend,
                settings.stateEvery() > 0
                        ? settings
                        : new TraceSettings(
                                settings.everySteps(),
                                trace.header().path("stateEvery").asInt(),
                                settings.key()));
        if (!trace.schedule(run.stepsPerEpoch()).equals(schedule)) {
            throw new DataException("The trace " + folder.chain()
                    + " was begun with other links, states or arithmetic; the run cannot go on with its trace.");
        }
        try {
            long length = 0;
            for (String line : Files.readAllLines(folder.chain())) {
                length += line.getBytes(StandardCharsets.UTF_8).length + 1L;
                if (ChainedLine.stated(line).equals(last.sha256())) {
                    break;
                }
            }
            FileChannel chain = FileChannel.open(folder.chain(), StandardOpenOption.WRITE);
            chain.truncate(length);
            chain.position(length);
            TraceWriter writer = new TraceWriter(folder, run, backend, settings, schedule, chain, last.sha256());
            writer.links = trace.links().indexOf(last) + 1L;
            writer.lastStep = step;
            if (!trace.header().path(Trace.CONFIGURATION).equals(record.path(Trace.CONFIGURATION))
                    || trace.isChangedAfter(last)) {
                writer.appendChained(
                        parts(options, record, List.of(Trace.CONFIGURATION)).put(Trace.RESUMED, step));
            }
            return writer;
        } catch (IOException e) {
            throw notWritten(folder, e);
        }
    }

    private static Trace readUnfinished(TraceFolder folder) {
        try {
            return Trace.readUnfinished(folder);
        } catch (ForgedTraceException e) {
            throw new DataException(e.getMessage() + " The run cannot go on with its trace.", e);
        }
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
                + ", a state every " + schedule.stateEvery() + (schedule.stateEvery() == 1 ? " link" : " links")
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
        boolean kept = schedule.keepsState(step);
        if (kept) {
            state.write(folder.state(step));
        }
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("link", links++);
        line.put("step", step).put("epochs", state.epochs()).put("stateSha256", state.sha256());
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
        appendChained(line);
        lastStep = step;
    }

    /**
     * Ends the trace, and signs it if it is to be signed.
     *
     * @param status done, interrupted or diverged
     * @param step steps since training began
     * @param weightsSha256 of the model that was kept
     */
    public void finish(String status, long step, String weightsSha256) {
        appendChained(JsonNodeFactory.instance
                .objectNode()
                .put("end", status)
                // A loss that is not finite is noticed some steps later, behind which there may be links.
                .put("step", Math.max(step, lastStep))
                .put("weightsSha256", weightsSha256));
        if (settings.key() != null) {
            append(JsonNodeFactory.instance
                    .objectNode()
                    .put(
                            "signature",
                            TraceSignature.of(previous, settings.key()).bytes())
                    .toString());
        }
    }

    private void appendChained(ObjectNode content) {
        String line = ChainedLine.of(content.put("previous", previous));
        append(line);
        previous = ChainedLine.stated(line);
    }

    private void append(String line) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
            while (bytes.hasRemaining()) {
                chain.write(bytes);
            }
            chain.force(false);
        } catch (IOException e) {
            throw notWritten(folder, e);
        }
    }

    private static DataException notWritten(TraceFolder folder, IOException e) {
        return new DataException(
                "The trace " + folder.chain() + " could not be written: " + AtomicFile.reason(e) + ".", e);
    }

    @Override
    public void close() {
        try {
            chain.close();
        } catch (IOException e) {
            throw notWritten(folder, e);
        }
    }
}
