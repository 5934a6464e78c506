package bpnn.lab.experiment;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.lab.run.PlanException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The output folder of experiments. It belongs to one configuration, which stands in {@code experiment.json}.
 *
 * @param path where it is
 */
public record ExperimentFolder(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Uses a folder: a new one, or one with the same configuration, whose finished runs are kept.
     *
     * @throws PlanException if the folder belongs to something else; the sentence names the difference
     */
    public static ExperimentFolder open(Path path, ObjectNode configuration) {
        claim(path, "experiment.json", configuration);
        return new ExperimentFolder(path);
    }

    /**
     * Makes a folder belong to a configuration, or finds that it does.
     *
     * @param file holds the configuration, or will hold it
     * @throws PlanException if the folder belongs to something else; the sentence names the difference
     */
    public static void claim(Path path, String file, ObjectNode configuration) {
        Path record = path.resolve(file);
        try {
            if (Files.exists(record)) {
                check(path, record, configuration);
            } else if (Files.exists(path.resolve("run.json"))) {
                throw new PlanException(
                        "--out is " + path + ", but that folder holds a training run; name another one.");
            } else {
                Files.createDirectories(path);
                AtomicFile.write(record, configuration.toPrettyString() + "\n");
            }
        } catch (IOException e) {
            throw new DataException("The folder " + path + " could not be used: " + AtomicFile.reason(e) + ".", e);
        }
    }

    private static void check(Path path, Path record, ObjectNode wanted) throws IOException {
        JsonNode found;
        try {
            found = JSON.readTree(Files.readAllBytes(record));
        } catch (JsonProcessingException e) {
            throw new DataException(
                    record + " is damaged, so it cannot be told which configuration the folder belongs to; name another"
                            + " folder with --out, or remove this one.",
                    e);
        }
        Optional<String> difference = difference(found, JSON.readTree(wanted.toString()));
        if (difference.isPresent()) {
            throw new PlanException("The folder " + path + " belongs to another configuration: " + difference.get()
                    + ". Name another folder with --out, or give the same options.");
        }
    }

    private static Optional<String> difference(JsonNode found, JsonNode wanted) {
        SortedMap<String, String> there = new TreeMap<>();
        SortedMap<String, String> here = new TreeMap<>();
        flatten("", found, there);
        flatten("", wanted, here);
        for (String name : here.keySet()) {
            if (!here.get(name).equals(there.get(name))) {
                return Optional.of(name + " is " + there.getOrDefault(name, "not given") + " there, but "
                        + here.get(name) + " here");
            }
        }
        return there.keySet().stream()
                .filter(name -> !here.containsKey(name))
                .findFirst()
                .map(name -> name + " is " + there.get(name) + " there, but not given here");
    }

    private static void flatten(String name, JsonNode node, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> flatten(
                            name.isEmpty() ? entry.getKey() : name + "." + entry.getKey(), entry.getValue(), leaves));
        } else {
            leaves.put(name, node.toString().replace("\"", ""));
        }
    }

    /** The folder of the finished tasks. */
    public Path runs() {
        return path.resolve("runs");
    }

    /** The folder of the charts as pictures. */
    public Path charts() {
        return path.resolve("charts");
    }

    /** The report for people. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** Everything that is drawn, for programs. */
    public Path json() {
        return path.resolve("results.json");
    }

    /** The same as one long table. */
    public Path csv() {
        return path.resolve("results.csv");
    }
}
