package bpnn.lab.trace;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.Scratch;
import bpnn.io.safetensors.SafetensorsReader;
import bpnn.io.safetensors.SafetensorsWriter;
import bpnn.io.tensor.TensorBytes;
import bpnn.io.tensor.TensorFile;
import bpnn.lab.run.Checkpoint;
import bpnn.lab.run.TrainingRun;
import bpnn.nn.EpochResult;
import bpnn.nn.StateTensor;
import bpnn.nn.TrainingState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * All that a training goes on from after a step, and that a hash vouches for.
 *
 * @param tensors weights, statistics of batch norm, and what belongs to the training, by name
 * @param step steps since training began
 * @param epochs whole epochs among them
 */
public record TraceState(SortedMap<String, StateTensor> tensors, long step, int epochs) {
    private static final int LARGEST_HEADER = 1 << 20;

    /** Where a training stands after a step: an observed one, or the last of an epoch. */
    public static TraceState of(TrainingRun run, long step) {
        TrainingState training = run.state(step);
        SortedMap<String, StateTensor> tensors = new TreeMap<>(run.model().state());
        tensors.putAll(training.tensors());
        return new TraceState(tensors, step, training.epochs().size());
    }

    /**
     * SHA-256 over, for each tensor in the order of the names: the name in UTF-8, a zero byte, the number of values in 8
     * bytes, the values; then step and epochs in 8 bytes each. All numbers are little-endian.
     */
    public String sha256() {
        return TensorBytes.sha256(out -> {
            for (Map.Entry<String, StateTensor> tensor : tensors.entrySet()) {
                out.write(tensor.getKey().getBytes(StandardCharsets.UTF_8));
                out.write(0);
                writeLong(tensor.getValue().values().length, out);
                TensorBytes.write(tensor.getValue().values(), out);
            }
            writeLong(step, out);
            writeLong(epochs, out);
        });
    }

    private static void writeLong(long value, OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    /** Bytes of the values. */
    public long bytes() {
        return tensors.values().stream()
                .mapToLong(tensor -> (long) Float.BYTES * tensor.values().length)
                .sum();
    }

    /** Takes a training back to this state. */
    public void restore(TrainingRun run, List<EpochResult> history, int stepsPerEpoch) {
        SortedMap<String, StateTensor> model = new TreeMap<>(tensors);
        SortedMap<String, StateTensor> training = new TreeMap<>(tensors);
        model.keySet().removeIf(Checkpoint::isOfTraining);
        training.keySet()
                .retainAll(tensors.keySet().stream()
                        .filter(Checkpoint::isOfTraining)
                        .toList());
        int into = Math.toIntExact(step - (long) epochs * stepsPerEpoch);
        run.resume("state after step " + step, model, new TrainingState(history, training, into));
    }

    /** Writes it as safetensors, packed by gzip. */
    void write(Path file) {
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put("step", String.valueOf(step));
        metadata.put("epochs", String.valueOf(epochs));
        byte[] bytes = SafetensorsWriter.bytes(new TensorFile(metadata, tensors));
        AtomicFile.write(file, out -> ParallelGzip.write(bytes, out));
    }

    /**
     * Reads a state.
     *
     * @param mostValues bytes of the values that it can have at most
     * @throws DataException if it cannot be read
     */
    static TraceState read(Path file, long mostValues) {
        try (Scratch folder = Scratch.folder("bpnn-state")) {
            Path unpacked = folder.path().resolve("state.safetensors");
            unpack(file, unpacked, mostValues + LARGEST_HEADER);
            TensorFile content = SafetensorsReader.read(unpacked);
            return new TraceState(
                    new TreeMap<>(content.tensors()),
                    Long.parseLong(content.metadata().getOrDefault("step", "")),
                    Integer.parseInt(content.metadata().getOrDefault("epochs", "")));
        } catch (IOException e) {
            throw new DataException("The state " + file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        } catch (DataException e) {
            String reason = String.valueOf(e.getMessage());
            throw new DataException(
                    "The state " + file + " is damaged: " + reason.substring(reason.indexOf(": ") + 2), e);
        } catch (NumberFormatException e) {
            throw new DataException("The state " + file + " is damaged: it does not say after which step it was.", e);
        }
    }

    private static void unpack(Path file, Path unpacked, long most) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16);
                OutputStream out = Files.newOutputStream(unpacked)) {
            byte[] buffer = new byte[1 << 16];
            long all = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                all += count;
                if (all > most) {
                    throw new IOException("it unpacks to more than the " + most + " bytes that it can have");
                }
                out.write(buffer, 0, count);
            }
        }
    }
}
