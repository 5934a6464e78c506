package bpnn.fuzz;

import bpnn.app.option.UsageException;
import bpnn.data.DataException;
import bpnn.lab.run.PlanException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What every reader of a foreign file owes its user, whatever the file holds. */
final class Refusals {
    /** One folder of files that are written anew for each input. */
    static final Path FOLDER = folder();

    private Refusals() {}

    private static Path folder() {
        try {
            return Files.createTempDirectory("bpnn-fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(String name, byte[] content) {
        try {
            return Files.write(FOLDER.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads; a refusal must be a sentence that names the file, and any other exception is a fault. */
    static void check(Path file, Runnable reader) {
        try {
            reader.run();
        } catch (DataException | UsageException | PlanException e) {
            String sentence = String.valueOf(e.getMessage());
            boolean names = sentence.contains(file.getFileName().toString());
            boolean ends = sentence.endsWith(".") || sentence.endsWith("?");
            if (!names || !ends) {
                throw new AssertionError("Not a sentence about the file: " + sentence, e);
            }
        }
    }
}
