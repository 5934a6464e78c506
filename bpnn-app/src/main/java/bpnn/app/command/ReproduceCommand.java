package bpnn.app.command;

import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.lab.run.BackendChange;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunRecord;
import bpnn.nn.DivergedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Repeats a run and compares what comes out. */
@Command(
        name = "reproduce",
        sortOptions = false,
        description =
                "Repeats the run that a run.json tells of, and says whether the weights have the same bits or what"
                        + " differs.",
        exitCodeListHeading = "%nExit codes beside those of every command:%n",
        exitCodeList = {"0:same bits", "1:other bits"})
public final class ReproduceCommand implements Callable<Integer> {
    /** The same bits do not come out. */
    static final int OTHER_BITS = 1;

    private static final Path RUNS = Path.of("runs");

    private final Session session;

    @Parameters(paramLabel = "RUN.json", description = "The record of the run that is to be repeated.")
    private Path file = Path.of("");

    @Option(names = "--backend", paramLabel = "ID", description = "Backend to compute with (default: the run's).")
    private @Nullable String backend;

    @Option(names = "--plugins", paramLabel = "DIR", description = "Folder of jars with further backends.")
    private @Nullable Path plugins;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with.")
    private @Nullable Integer threads;

    @Option(names = "--dataset", paramLabel = "DIR", description = "Where the images lie now, if they were moved.")
    private @Nullable String dataset;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where MNIST lies now, if it was moved.")
    private @Nullable Path dataDir;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of the new run (default: runs/<time>-again).")
    private @Nullable Path out;

    public ReproduceCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        JsonNode before = RunRecord.read(file);
        if (!before.path("result").has("weightsSha256")
                || !before.path("options").isObject()) {
            throw new DataException(file + " tells of no run that can be compared: its status is "
                    + before.path("status").asText("unknown")
                    + "; only one that was written by train and came to an end can.");
        }
        if (out != null) {
            RunFolder.checkFree(out);
        }
        RunFolder folder = out != null
                ? RunFolder.at(out)
                : RunFolder.create(RUNS, "again", LocalDateTime.now(ZoneId.systemDefault()));
        BackendChange.history(before)
                .ifPresent(history -> session.notice("The run was computed " + history
                        + "; it is repeated with one backend throughout"
                        + (BackendChange.isExactThroughout(before)
                                ? ". Exact arithmetic gives the same bits on all."
                                : ", so other bits may come out.")));
        TrainCommand train = options(before, folder).command(session);
        if (before.path("status").asText().equals("interrupted")) {
            train.stopAfter(before.path("result").path("steps").asLong());
        }
        int exitCode = train(train);
        if (exitCode == ExitCode.INTERRUPTED) {
            return exitCode;
        }
        return compare(before, RunRecord.read(folder.record()));
    }

    /** The run's own options, with those that this command overrides. */
    private RecordedOptions options(JsonNode before, RunFolder folder) {
        RecordedOptions options = new RecordedOptions(file, before.get("options"));
        if (before.at("/configuration/schedule").asText().startsWith("OneCycle")) {
            // Records of before have a rate even where none was given, which would now mean a constant one.
            options.override("schedule", "one-cycle");
        }
        options.override("backend", before.path("backend").path("id").asText());
        options.override("numerics", before.path("backend").path("numerics").asText());
        options.override("backend", backend);
        options.override("plugins", plugins);
        options.override("threads", threads);
        options.override("dataset", dataset);
        options.override("data-dir", dataDir);
        options.override("out", folder.path());
        return options;
    }

    private static int train(TrainCommand train) {
        try {
            return train.call();
        } catch (DivergedException diverged) {
            return ExitCode.DIVERGED;
        }
    }

    private int compare(JsonNode before, JsonNode after) {
        boolean same = before.at("/result/weightsSha256").equals(after.at("/result/weightsSha256"));
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("sameBits", same);
        json.put("weightsSha256Before", before.at("/result/weightsSha256").asText());
        json.put("weightsSha256", after.at("/result/weightsSha256").asText());
        List<String> differences = differences(before, after, "data", "backend", "versions");
        BackendChange.history(before)
                .ifPresent(history -> differences.add("the run was computed " + history + ", but now with "
                        + after.at("/backend/id").asText() + " throughout"));
        differences.forEach(json.putArray("differences")::add);
        StringBuilder text = new StringBuilder(same ? "Same bits: " : "Other bits: ");
        text.append(after.at("/result/weightsSha256").asText());
        if (!same) {
            text.append(", but ")
                    .append(before.at("/result/weightsSha256").asText())
                    .append(" was recorded");
            differences.addAll(differences(before, after, "configuration", "result"));
        }
        if (differences.isEmpty()) {
            text.append("\nData, hardware and versions are the same too.");
        }
        differences.forEach(difference -> text.append("\n  ").append(difference));
        session.result(text.toString(), json);
        return same ? ExitCode.DONE : OTHER_BITS;
    }

    private static List<String> differences(JsonNode before, JsonNode after, String... parts) {
        return RunRecord.differences(before, after, List.of(parts)).stream()
                .map(RunRecord.Difference::inTime)
                .collect(Collectors.toCollection(ArrayList::new));
    }
}
