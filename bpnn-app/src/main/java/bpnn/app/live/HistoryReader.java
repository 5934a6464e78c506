package bpnn.app.live;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads {@code history.jsonl} while a training writes it. */
final class HistoryReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final FileWatch watch;

    /**
     * What the file tells.
     *
     * @param epochs those that are over
     * @param losses of the logged steps
     */
    record History(List<Epoch> epochs, SortedMap<Long, Double> losses) {}

    /** An epoch, and how fast it was. */
    record Epoch(EpochResult result, double imagesPerSecond) {}

    HistoryReader(Path file) {
        this.file = file;
        this.watch = new FileWatch(file);
    }

    /** Tells of changes of the file. */
    FileWatch watch() {
        return watch;
    }

    /**
     * All whole lines; what is still being written comes with the next change.
     *
     * @throws DataException if the file cannot be read
     */
    History read() {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
        List<Epoch> epochs = new ArrayList<>();
        SortedMap<Long, Double> losses = new TreeMap<>();
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1)) {
            JsonNode entry = parse(line);
            if (entry.path("step").isNumber()) {
                losses.put(entry.get("step").asLong(), number(entry, "loss"));
            } else if (entry.path("epoch").isNumber()) {
                epochs.add(epoch(entry));
            }
        }
        return new History(epochs, losses);
    }

    private JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is damaged: \"" + line + "\" is no line of a history.", e);
        }
    }

    private static Epoch epoch(JsonNode entry) {
        double speed = number(entry, "imagesPerSecond");
        double seconds = number(entry, "seconds");
        @Nullable
        Evaluation validation = entry.path("validationLoss").isNull()
                        && entry.path("validationAccuracy").isNull()
                ? null
                : new Evaluation(
                        number(entry, "validationLoss"), number(entry, "validationAccuracy"), new int[0], new float[0]);
        return new Epoch(
                new EpochResult(entry.get("epoch").asInt(), 0, number(entry, "trainLoss"), validation, seconds, 0),
                speed);
    }

    /** What is no number in the file is none. */
    private static double number(JsonNode entry, String name) {
        return entry.path(name).asDouble(Double.NaN);
    }
}
