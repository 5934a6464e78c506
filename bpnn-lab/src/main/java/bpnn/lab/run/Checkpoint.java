package bpnn.lab.run;

import bpnn.data.DataException;
import bpnn.io.file.SyntaxFault;
import bpnn.io.safetensors.SafetensorsReader;
import bpnn.io.safetensors.SafetensorsWriter;
import bpnn.io.tensor.TensorFile;
import bpnn.nn.StateTensor;
import bpnn.nn.TrainingState;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code checkpoint.safetensors}: a training between two epochs, complete in itself, so that whatever else a kill leaves
 * behind in the folder can be written anew. A hash over all of it tells a damaged file from a whole one.
 *
 * @param run what {@code run.json} says of the run
 * @param model the network's tensors
 * @param training where the training stands
 * @param stepLosses the losses of the logged steps
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between training and file; identity is the right equality
public record Checkpoint(
        ObjectNode run, SortedMap<String, StateTensor> model, TrainingState training, float[] stepLosses) {
    private static final String RUN = "run";
    private static final String EPOCHS = "epochs";
    private static final String SHA256 = "sha256";
    private static final Pattern OF_TRAINING = Pattern.compile("(optimizer|best|average|training)\\..*");
    private static final String STEP_LOSSES = "history.stepLosses";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether a tensor belongs to the training rather than to the model. */
    public static boolean isOfTraining(String tensor) {
        return OF_TRAINING.matcher(tensor).matches();
    }

    /** Writes or replaces the file, whole or not at all. */
    public void write(Path file) {
        SortedMap<String, StateTensor> tensors = new TreeMap<>(model);
        tensors.putAll(training.tensors());
        tensors.put(STEP_LOSSES, StateTensor.vector(stepLosses));
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put(RUN, run.toString());
        metadata.put(EPOCHS, EpochFigures.toJson(training.epochs()).toString());
        metadata.put(SHA256, SafetensorsWriter.sha256(new TensorFile(metadata, tensors)));
        SafetensorsWriter.write(file, new TensorFile(metadata, tensors));
    }

    /**
     * Reads the file.
     *
     * @throws DataException if it cannot be read or is not as it was written
     */
    public static Checkpoint read(Path file) {
        try {
            return of(SafetensorsReader.read(file));
        } catch (DataException | IllegalArgumentException | JsonProcessingException e) {
            String reason =
                    e instanceof JsonProcessingException json ? SyntaxFault.words("JSON", json) : e.getMessage();
            throw new DataException(
                    "The checkpoint " + file + " is damaged, and nothing was changed: " + reason
                            + (String.valueOf(reason).endsWith(".") ? "" : ".")
                            + " Put an intact copy in its place, or remove it to begin the run anew.",
                    e);
        }
    }

    private static Checkpoint of(TensorFile content) throws JsonProcessingException {
        SortedMap<String, String> metadata = new TreeMap<>(content.metadata());
        String stored = metadata.remove(SHA256);
        if (stored == null || !stored.equals(SafetensorsWriter.sha256(new TensorFile(metadata, content.tensors())))) {
            throw new IllegalArgumentException("its content does not match the hash in it");
        }
        JsonNode run = JSON.readTree(metadata.getOrDefault(RUN, ""));
        if (!(run instanceof ObjectNode object)) {
            throw new IllegalArgumentException("it does not say which run it belongs to");
        }
        SortedMap<String, StateTensor> model = new TreeMap<>();
        SortedMap<String, StateTensor> state = new TreeMap<>();
        float[] losses = new float[0];
        for (Map.Entry<String, StateTensor> tensor : content.tensors().entrySet()) {
            if (tensor.getKey().equals(STEP_LOSSES)) {
                losses = tensor.getValue().values();
            } else {
                (isOfTraining(tensor.getKey()) ? state : model).put(tensor.getKey(), tensor.getValue());
            }
        }
        JsonNode epochs = JSON.readTree(metadata.getOrDefault(EPOCHS, "[]"));
        return new Checkpoint(object, model, new TrainingState(EpochFigures.fromJson(epochs), state), losses);
    }
}
