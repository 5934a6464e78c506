package bpnn.cuda;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A private folder for files that are created once and reused by later starts: unpacked libraries, compiled kernels. A
 * file is written under a temporary name and renamed, so that concurrent processes never see a partial file.
 *
 * @param folder need not exist
 */
record FileCache(Path folder) {
    /**
     * A file with this content, in a folder named after the hash of the content.
     *
     * @throws CudaUnavailable if it cannot be written
     */
    Path keep(String name, byte[] content) throws CudaUnavailable {
        Path file = folder.resolve(digest(content).substring(0, 16)).resolve(name);
        try {
            if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
                write(file, content);
            }
        } catch (IOException e) {
            throw new CudaUnavailable(
                    "The folder " + folder + " cannot take the " + content.length / 1024 + " KiB of " + name + ": "
                            + why(e) + ".",
                    "Make room there, or name another folder with -D" + Settings.CACHE + "=FOLDER.",
                    e);
        }
        return file;
    }

    /** Writes or replaces a file atomically. */
    static void write(Path file, byte[] content) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new FileSystemException(file.toString(), null, "it has no folder");
        }
        Files.createDirectories(
                parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path temporary = Files.createTempFile(parent, "new", ".tmp");
        try {
            Files.write(temporary, content);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String why(IOException e) {
        String reason = e instanceof FileSystemException known ? known.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    /** SHA-256 in hexadecimal digits. */
    static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
