package bpnn.lab.trace;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file of a chain, to which lines are appended. Each is on disk when {@link #append} returns. */
final class ChainFile implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private String previous;

    private ChainFile(Path file, FileChannel channel, String previous) {
        this.file = file;
        this.channel = channel;
        this.previous = previous;
    }

    /** Begins a chain, in the place of what was there. */
    static ChainFile begin(Path file) {
        try {
            return new ChainFile(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE),
                    "");
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /** Goes on behind the line with a hash; what follows it is cut off. */
    static ChainFile behind(Path file, String sha256) {
        try {
            long length = 0;
            for (String line : Files.readAllLines(file)) {
                length += line.getBytes(StandardCharsets.UTF_8).length + 1L;
                if (ChainedLine.stated(line).equals(sha256)) {
                    break;
                }
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            channel.truncate(length);
            channel.position(length);
            return new ChainFile(file, channel, sha256);
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /** Appends a line that continues the chain. */
    void append(ObjectNode content) {
        String line = ChainedLine.of(content.put("previous", previous));
        write(line);
        previous = ChainedLine.stated(line);
    }

    /** Appends a line that is no part of the chain. */
    void appendUnchained(ObjectNode content) {
        write(content.toString());
    }

    /** The hash of the last line of the chain. */
    String lastSha256() {
        return previous;
    }

    private void write(String line) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    private static DataException notWritten(Path file, IOException e) {
        return new DataException("The trace " + file + " could not be written: " + AtomicFile.reason(e) + ".", e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }
}
