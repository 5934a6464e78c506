package bpnn.lab.experiment;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.tensor.TensorBytes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finished tasks, each in a folder of its own: {@code result.json} appears whole or not at all and holds the SHA-256 of
 * its content, so that a damaged one is noticed.
 */
public final class RunArchive {
    private static final String RESULT = "result.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Consumer<String> warnings;

    /**
     * @param folder holds the folders of the tasks
     * @param warnings receives a sentence for each damaged result
     */
    public RunArchive(Path folder, Consumer<String> warnings) {
        this.folder = folder;
        this.warnings = warnings;
    }

    private Path file(Task task) {
        return folder.resolve(task.name()).resolve(RESULT);
    }

    /** Keeps a result in the folder of its task. */
    static void store(Path task, TaskResult result) {
        try {
            Files.createDirectories(task);
        } catch (IOException e) {
            throw new DataException("The folder " + task + " could not be created: " + AtomicFile.reason(e) + ".", e);
        }
        JsonNode content = JSON.valueToTree(result);
        ObjectNode root = JSON.createObjectNode();
        root.put("sha256", sha256(content));
        root.set("result", content);
        AtomicFile.write(task.resolve(RESULT), root + "\n");
    }

    /** A kept result; empty if there is none, or a damaged one, of which the warnings tell. */
    public <T extends TaskResult> Optional<T> load(Task task, Class<T> type) {
        Path file = file(task);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            // Numbers are hashed as a reader of this file's text sees them, so reading and writing must agree.
            if (root.path("result").isObject() && root.path("sha256").asText().equals(sha256(root.path("result")))) {
                return Optional.of(JSON.treeToValue(root.get("result"), type));
            }
            warnings.accept(
                    file + " is damaged: its content does not have the hash that it names. The run is repeated.");
        } catch (JsonProcessingException e) {
            warnings.accept(file + " is damaged: it is not what was written there. The run is repeated.");
        } catch (IOException e) {
            throw new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
        return Optional.empty();
    }

    private static String sha256(JsonNode content) {
        return TensorBytes.sha256(out -> out.write(content.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
