package bpnn.lab.run;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.model.Ensemble;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * The folder of a run.
 *
 * @param path where it is
 */
public record RunFolder(Path path) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    /** Refuses a folder that holds a run already. */
    public static void checkFree(Path path) {
        if (Files.exists(path.resolve("run.json"))
                || Files.exists(Ensemble.member(path, 1).resolve("run.json"))) {
            throw new PlanException("--out is " + path
                    + ", but that folder already holds a run; name another one, or go on with it by --resume.");
        }
    }

    /** Uses a folder that the user named, and creates it if need be. */
    public static RunFolder at(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw notCreated(path, e);
        }
        return new RunFolder(path);
    }

    /** Creates {@code parent/<time>-<name>}, with a number behind it where that is taken. */
    public static RunFolder create(Path parent, String name, LocalDateTime now) {
        String stem = TIME.format(now) + "-" + name;
        Path path = parent.resolve(stem);
        try {
            Files.createDirectories(parent);
            for (int number = 2; !createdNow(path); number++) {
                path = parent.resolve(stem + "-" + number);
            }
        } catch (IOException e) {
            throw notCreated(path, e);
        }
        return new RunFolder(path);
    }

    /** Creating and checking is one act, so two runs that begin in the same second do not share a folder. */
    private static boolean createdNow(Path path) throws IOException {
        try {
            Files.createDirectory(path);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static DataException notCreated(Path path, IOException e) {
        return new DataException("The run folder " + path + " could not be created: " + AtomicFile.reason(e) + ".", e);
    }

    /** The checkpoint, if there is one; see {@link Checkpoint#read}. */
    public Optional<Checkpoint> readCheckpoint() {
        return Files.exists(checkpoint()) ? Optional.of(Checkpoint.read(checkpoint())) : Optional.empty();
    }

    /** What {@code run.json} says, if it is there. */
    public Optional<JsonNode> readRecord() {
        return Files.exists(record()) ? Optional.of(RunRecord.read(record())) : Optional.empty();
    }

    /** Configuration and figures. */
    public Path record() {
        return path.resolve("run.json");
    }

    /** The trained weights. */
    public Path model() {
        return path.resolve("model.safetensors");
    }

    /** The training as it stood after its last whole epoch. */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /** The epochs, as a table. */
    public Path historyCsv() {
        return path.resolve("history.csv");
    }

    /** The epochs and logged steps, an object per line. */
    public Path historyJsonl() {
        return path.resolve("history.jsonl");
    }
}
