package bpnn.io.file;

import bpnn.data.DataException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file so that its name never stands for half a content: a neighbour is written, synced and renamed. A link stays:
 * what it leads to is written. What is no regular file, such as a device or a pipe, is written straight.
 */
public final class AtomicFile {
    private static final String REMNANT = ".tmp";

    /** As many as Linux follows. */
    private static final int MAX_LINKS = 40;

    private AtomicFile() {}

    /** What produces the content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes or replaces a file.
     *
     * @throws DataException if that fails; a regular file is then as it was before
     */
    public static void write(Path file, Content content) {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("it is a folder");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                try (OutputStream out =
                        new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.WRITE))) {
                    content.writeTo(out);
                }
            } else {
                replace(linked(file), content);
            }
        } catch (IOException e) {
            throw new DataException(file + " could not be written: " + reason(e) + ".", e);
        }
    }

    /** Where a link leads, and that of another one, and so on; there need be nothing. */
    private static Path linked(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MAX_LINKS) {
                throw new IOException("its links lead nowhere");
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    private static void replace(Path target, Content content) throws IOException {
        Path place = target.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + REMNANT);
        try (Scratch neighbour = new Scratch(place)) {
            writeAndSync(neighbour.path(), content);
            Files.move(neighbour.path(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Writes or replaces a file of text in UTF-8. */
    public static void write(Path file, String text) {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Removes what programs that were killed left of files they were about to write; nobody else may be writing here. */
    public static void removeRemnants(Path folder) {
        try (DirectoryStream<Path> remnants = Files.newDirectoryStream(folder, ".*" + REMNANT)) {
            for (Path remnant : remnants) {
                Files.deleteIfExists(remnant);
            }
        } catch (IOException e) {
            throw new DataException("The folder " + folder + " could not be tidied: " + reason(e) + ".", e);
        }
    }

    private static void writeAndSync(Path neighbour, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                neighbour, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** What went wrong, in words for the user: an exception of the file system often says no more than the file's name. */
    public static String reason(IOException e) {
        String words = switch (e.getClass().getSimpleName()) {
            case "NoSuchFileException" -> "there is no such file or folder";
            case "AccessDeniedException" -> "access is denied";
            case "FileAlreadyExistsException" -> "a file of that name is in the way";
            case "NotDirectoryException" -> "it is not a folder";
            default -> null;
        };
        if (words != null) {
            return words;
        }
        @Nullable String message = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
