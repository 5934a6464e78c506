package bpnn.app.option;

import bpnn.data.DataException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out before hours of work whether what comes of them can be written. */
public final class OutputCheck {
    private OutputCheck() {}

    /**
     * Looks whether a folder is there or can be created.
     *
     * @param what begins the sentence, such as "The run folder"
     * @throws DataException if not, or if it cannot be written to
     */
    public static void folder(String what, Path folder) {
        Path place = folder.toAbsolutePath();
        while (place != null && !Files.exists(place)) {
            place = place.getParent();
        }
        String sentence = what + " " + folder
                + (folder.toAbsolutePath().equals(place) ? " cannot be used: " : " could not be created: ");
        if (place == null || !Files.isDirectory(place)) {
            throw new DataException(sentence + place + " is not a folder.");
        }
        if (!Files.isWritable(place)) {
            throw new DataException(sentence + "nothing can be written in " + place + ".");
        }
    }

    /**
     * Looks whether a file can be written.
     *
     * @throws DataException if not
     */
    public static void file(Path file) {
        Path place = file.toAbsolutePath().getParent();
        boolean device = Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
        if (Files.isDirectory(file)) {
            throw new DataException(file + " could not be written: it is a folder.");
        }
        if (place != null && !device && !Files.isDirectory(place)) {
            throw new DataException(file + " could not be written: there is no folder " + place + ".");
        }
        if (place != null && !device && !Files.isWritable(place)) {
            throw new DataException(file + " could not be written: nothing can be written in " + place + ".");
        }
    }
}
