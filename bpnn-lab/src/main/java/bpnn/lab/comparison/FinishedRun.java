package bpnn.lab.comparison;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.SyntaxFault;
import bpnn.io.safetensors.SafetensorsReader;
import bpnn.lab.run.BackendChange;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunRecord;
import bpnn.lab.statistics.Proportion;
import bpnn.lab.trace.ForgedTraceException;
import bpnn.lab.trace.Trace;
import bpnn.lab.trace.TraceFolder;
import bpnn.nn.StateTensor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A run as its folder tells of it.
 *
 * @param record what {@code run.json} says
 * @param run what can be compared
 * @param trace its trace, if it has one
 */
public record FinishedRun(JsonNode record, ComparedRun run, Optional<Trace> trace) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Settings that change nothing about what is learnt. */
    private static final Set<String> OF_NO_MATTER =
            Set.of("configuration.logSteps", "data.name", "data.validationImages");

    /**
     * Reads a run's folder.
     *
     * @param name what to call it
     * @throws DataException if it is not the folder of a finished run
     */
    public static FinishedRun read(Path path, String name) {
        RunFolder folder = new RunFolder(path);
        JsonNode record = RunRecord.read(folder.record());
        JsonNode result = record.path("result");
        if (!result.path("testAccuracy").isNumber()) {
            throw new DataException(path + " cannot be compared: its status is "
                    + record.path("status").asText("unknown") + ", but only a run that came to an end can be.");
        }
        JsonNode backend = record.path("backend");
        long images = record.path("data").path("testImages").asLong();
        return new FinishedRun(
                record,
                new ComparedRun(
                        name,
                        new ComparedRun.Computer(
                                backend.path("id").asText(),
                                backend.path("device").asText(),
                                BackendChange.isExactThroughout(record) ? "exact" : "fast"),
                        losses(folder.historyJsonl()),
                        weights(folder.model()),
                        result.path("weightsSha256").asText(),
                        new Proportion(Math.round(result.path("testAccuracy").asDouble() * images), images),
                        result.path("testLoss").asDouble(),
                        null,
                        result.path("trainSeconds").asDouble()
                                / result.path("steps").asDouble(),
                        null),
                trace(path));
    }

    private static Optional<Trace> trace(Path path) {
        try {
            return Files.exists(new TraceFolder(path).chain()) ? Optional.of(Trace.read(path)) : Optional.empty();
        } catch (ForgedTraceException e) {
            throw new DataException(path + " cannot be compared: " + e.getMessage(), e);
        }
    }

    private static SortedMap<String, StateTensor> weights(Path file) {
        return SafetensorsReader.read(file).tensors();
    }

    private static NavigableMap<Long, Float> losses(Path file) {
        NavigableMap<Long, Float> losses = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode entry = JSON.readTree(line);
                if (entry.path("step").isNumber() && entry.path("loss").isNumber()) {
                    losses.put(entry.get("step").longValue(), entry.get("loss").floatValue());
                }
            }
            return losses;
        } catch (JsonProcessingException e) {
            throw new DataException(file + " cannot be used: " + SyntaxFault.words("JSON", e) + ".", e);
        } catch (IOException e) {
            throw new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
    }

    /** This run beside another. */
    public Comparison compare(FinishedRun other, double threshold) {
        List<String> settings = new ArrayList<>(differences(other, "configuration", "data"));
        SortedMap<Long, WeightDistance> distances = new TreeMap<>();
        if (shapes(run).equals(shapes(other.run))) {
            distances.put(
                    record.at("/result/steps").asLong(), WeightDistance.between(run.weights(), other.run.weights()));
        }
        Comparison comparison = Comparison.of(
                run,
                other.run,
                settings,
                differences(other, "backend", "earlierBackends", "versions"),
                distances,
                threshold);
        return trace.isPresent() && other.trace.isPresent()
                ? comparison.with(TraceParting.between(trace.get(), other.trace.get()))
                : comparison;
    }

    private static SortedMap<String, List<Integer>> shapes(ComparedRun run) {
        SortedMap<String, List<Integer>> shapes = new TreeMap<>();
        run.weights().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    private List<String> differences(FinishedRun other, String... parts) {
        return RunRecord.differences(record, other.record, List.of(parts)).stream()
                .filter(difference -> !OF_NO_MATTER.contains(difference.name()))
                .map(difference -> difference.name() + ": " + difference.first() + " in " + run.name() + ", "
                        + difference.second() + " in " + other.run.name())
                .collect(Collectors.toList());
    }
}
