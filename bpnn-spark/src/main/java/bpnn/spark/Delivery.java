package bpnn.spark;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.FileTree;
import bpnn.lab.work.FolderFiles;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How files come to the driver. In a folder of the driver's lies a file with a word that nobody else knows: a worker that
 * finds it sees the same file system, and leaves its files there; others send them.
 *
 * @param incoming the folder; null if files are not wanted
 * @param word the word
 */
record Delivery(@Nullable String incoming, String word) implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;
    private static final String SIGN = "word";

    /** No files are wanted. */
    static final Delivery NONE = new Delivery(null, "");

    /** To a folder that is made for it. */
    static Delivery to(Path incoming) throws IOException {
        String word = UUID.randomUUID().toString();
        Files.createDirectories(incoming);
        Files.writeString(incoming.resolve(SIGN), word);
        return new Delivery(incoming.toAbsolutePath().toString(), word);
    }

    /** Puts the folder of a run where it belongs, whole or not at all. */
    void place(Path runs, TaskReply reply) {
        Path target = runs.resolve(reply.name());
        try {
            Path source = reply.folder() == null ? unpack(reply) : Path.of(reply.folder());
            if (source != null) {
                Files.createDirectories(runs);
                FileTree.remove(target);
                Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
                FileTree.remove(Objects.requireNonNull(source.getParent()));
            }
        } catch (IOException e) {
            throw new DataException("The run " + target + " could not be written: " + AtomicFile.reason(e) + ".", e);
        }
    }

    /** The files that were sent, on the disk that they are to be on; null if there are none. */
    private @Nullable Path unpack(TaskReply reply) throws IOException {
        if (reply.files() == null) {
            return null;
        }
        Path place = Path.of(String.valueOf(incoming), UUID.randomUUID().toString(), reply.name());
        FolderFiles.write(place, reply.files());
        return place;
    }

    /** Removes the folder. */
    @Override
    public void close() throws IOException {
        if (incoming != null) {
            FileTree.remove(Path.of(incoming));
        }
    }

    boolean isWanted() {
        return incoming != null;
    }

    /** Whether this process sees the folder. */
    boolean isShared() {
        if (incoming == null) {
            return false;
        }
        try {
            return Files.readString(Path.of(incoming, SIGN)).equals(word);
        } catch (IOException notThere) {
            return false;
        }
    }
}
