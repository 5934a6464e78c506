package bpnn.mnist;

import bpnn.data.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file being downloaded into the cache: data accumulate in {@code NAME.part}, which is renamed once its content is
 * verified. Disk errors end the download, whatever the mirror, with a {@link DataException}.
 */
final class PartFile {
    private final Path target;
    private final Path part;

    PartFile(Path target) {
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
    }

    /** Bytes left by an earlier attempt. */
    long size() {
        try {
            return Files.exists(part) ? Files.size(part) : 0;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Opens the file for writing at {@code from} and truncates it there. */
    FileChannel openAt(long from) {
        try {
            FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(from).position(from);
            return channel;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    void write(FileChannel channel, byte[] bytes, int count) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
        try {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    boolean matches(RemoteFile expected) {
        return expected.matches(part);
    }

    /** Renames the file to its final name, atomically. */
    void finish() {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw unwritable(e);
        }
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private DataException unwritable(IOException fault) {
        return new DataException(
                "The cache file " + part + " cannot be written: " + FileErrors.reason(fault)
                        + "; free some space or name another cache folder with -Dbpnn.cache=DIR.",
                fault);
    }
}
