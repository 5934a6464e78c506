package bpnn.lab.run;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.TrainingListener;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Writes {@code history.csv} and {@code history.jsonl}; what an epoch brought is on disk when the next one begins. */
public final class HistoryFiles implements TrainingListener, AutoCloseable {
    private static final String COLUMNS = "epoch,trainLoss,validationLoss,validationAccuracy,seconds,imagesPerSecond";

    private final Path folder;
    private final int logSteps;
    private final BufferedWriter csv;
    private final BufferedWriter jsonl;
    private final List<Float> stepLosses = new ArrayList<>();

    private HistoryFiles(Path folder, int logSteps, BufferedWriter csv, BufferedWriter jsonl) {
        this.folder = folder;
        this.logSteps = logSteps;
        this.csv = csv;
        this.jsonl = jsonl;
    }

    /**
     * Begins both files. As long as they are open, no other program can write a run to the same folder.
     *
     * @param logSteps every how many steps a loss is written; 0 for never
     */
    public static HistoryFiles open(RunFolder folder, int logSteps) {
        try {
            BufferedWriter csv = openLocked(folder);
            BufferedWriter jsonl = Files.newBufferedWriter(folder.historyJsonl());
            csv.write(COLUMNS + "\n");
            return new HistoryFiles(folder.path(), logSteps, csv, jsonl);
        } catch (IOException e) {
            throw notWritten(folder.path(), e);
        }
    }

    /** The system gives up the lock when the file is closed or the process ends, in whatever way. */
    private static BufferedWriter openLocked(RunFolder folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.historyCsv(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            channel.close();
            throw new DataException(
                    "Another program is training in " + folder.path() + "; wait for its end, or name another folder.");
        }
        channel.truncate(0);
        return new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Writes what had been written when the training stood where it is taken up. */
    public void replay(Checkpoint checkpoint) {
        long step = 1;
        for (EpochResult epoch : checkpoint.training().epochs()) {
            long last = step + epoch.steps() - 1;
            for (; step <= last; step++) {
                if (logSteps > 0 && step % logSteps == 0) {
                    writeStep(step, checkpoint.stepLosses()[(int) (step / logSteps) - 1]);
                }
            }
            onEpoch(epoch);
        }
    }

    /** The losses that were written, one for every {@code logSteps} steps. */
    public float[] stepLosses() {
        float[] losses = new float[stepLosses.size()];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = stepLosses.get(i);
        }
        return losses;
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        if (logSteps == 0) {
            return;
        }
        for (int i = 0; i < losses.length; i++) {
            long step = firstStep + i;
            if (step % logSteps == 0) {
                writeStep(step, losses[i]);
            }
        }
    }

    private void writeStep(long step, float loss) {
        stepLosses.add(loss);
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("step", step);
        line.put("loss", loss);
        write(jsonl, line.toString());
    }

    @Override
    public void onEpoch(EpochResult result) {
        Evaluation validation = result.validation();
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("epoch", result.epoch());
        JsonNumbers.put(line, "trainLoss", result.trainLoss());
        JsonNumbers.put(line, "validationLoss", validation == null ? Double.NaN : validation.loss());
        JsonNumbers.put(line, "validationAccuracy", validation == null ? Double.NaN : validation.accuracy());
        JsonNumbers.put(line, "seconds", result.seconds());
        JsonNumbers.put(line, "imagesPerSecond", result.imagesPerSecond());
        write(jsonl, line.toString());
        StringBuilder row = new StringBuilder();
        line.forEach(value -> row.append(row.isEmpty() ? "" : ",").append(value.isNull() ? "" : value.asText()));
        write(csv, row.toString());
        flush();
    }

    private void write(BufferedWriter file, String line) {
        try {
            file.write(line + "\n");
        } catch (IOException e) {
            throw notWritten(folder, e);
        }
    }

    private void flush() {
        try {
            csv.flush();
            jsonl.flush();
        } catch (IOException e) {
            throw notWritten(folder, e);
        }
    }

    @Override
    public void close() {
        try (csv;
                jsonl) {
            flush();
        } catch (IOException e) {
            throw notWritten(folder, e);
        }
    }

    private static DataException notWritten(Path folder, IOException e) {
        return new DataException(
                "The history in " + folder + " could not be written: " + AtomicFile.reason(e) + ".", e);
    }
}
