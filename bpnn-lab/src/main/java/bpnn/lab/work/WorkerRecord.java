package bpnn.lab.work;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code worker.json} in the folder of an item: who carried it out, where that was the worker of a cluster. */
public final class WorkerRecord {
    private static final String FILE = "worker.json";
    private static final String WORKER = "worker";
    private static final ObjectMapper JSON = new ObjectMapper();

    private WorkerRecord() {}

    /**
     * Writes it.
     *
     * @param folder of the item
     * @param facts about the worker, beside its name and its build of Java
     */
    public static void write(Path folder, String worker, Computer computer, ObjectNode facts) {
        ObjectNode json = JSON.createObjectNode().put(WORKER, worker);
        json.put("backend", computer.toString());
        json.put("cores", Runtime.getRuntime().availableProcessors());
        json.put("java", Runtime.version().toString());
        json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        json.setAll(facts);
        AtomicFile.write(folder.resolve(FILE), json.toPrettyString() + "\n");
    }

    /** The name of the worker; empty if the item was carried out without a cluster. */
    public static String name(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return "";
        }
        try {
            return JSON.readTree(Files.readAllBytes(file)).path(WORKER).asText();
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is damaged; remove the run's folder, and it is repeated.", e);
        } catch (IOException e) {
            throw new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
    }
}
