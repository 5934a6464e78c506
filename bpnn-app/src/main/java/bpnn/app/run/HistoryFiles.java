package bpnn.app.run;

import bpnn.app.file.AtomicFile;
import bpnn.data.DataException;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.TrainingListener;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code history.csv} and {@code history.jsonl}; what an epoch brought is on disk when the next one begins. */
public final class HistoryFiles implements TrainingListener, AutoCloseable {
    private static final String COLUMNS = "epoch,trainLoss,validationLoss,validationAccuracy,seconds,imagesPerSecond";

    private final Path folder;
    private final int logSteps;
    private final BufferedWriter csv;
    private final BufferedWriter jsonl;

    private HistoryFiles(Path folder, int logSteps, BufferedWriter csv, BufferedWriter jsonl) {
        this.folder = folder;
        this.logSteps = logSteps;
        this.csv = csv;
        this.jsonl = jsonl;
    }

    /**
     * Begins both files.
     *
     * @param logSteps every how many steps a loss is written; 0 for never
     */
    public static HistoryFiles open(RunFolder folder, int logSteps) {
        try {
            BufferedWriter csv = Files.newBufferedWriter(folder.historyCsv());
            BufferedWriter jsonl = Files.newBufferedWriter(folder.historyJsonl());
            csv.write(COLUMNS + "\n");
            return new HistoryFiles(folder.path(), logSteps, csv, jsonl);
        } catch (IOException e) {
            throw notWritten(folder.path(), e);
        }
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        if (logSteps == 0) {
            return;
        }
        for (int i = 0; i < losses.length; i++) {
            long step = firstStep + i;
            if (step % logSteps == 0) {
                ObjectNode line = JsonNodeFactory.instance.objectNode().put("step", step);
                line.put("loss", losses[i]);
                write(jsonl, line.toString());
            }
        }
    }

    @Override
    public void onEpoch(EpochResult result) {
        Evaluation validation = result.validation();
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("epoch", result.epoch());
        Figures.put(line, "trainLoss", result.trainLoss());
        Figures.put(line, "validationLoss", validation == null ? Double.NaN : validation.loss());
        Figures.put(line, "validationAccuracy", validation == null ? Double.NaN : validation.accuracy());
        Figures.put(line, "seconds", result.seconds());
        Figures.put(line, "imagesPerSecond", result.imagesPerSecond());
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
