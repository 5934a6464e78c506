package bpnn.io.tensorboard;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.protobuf.ProtoMessage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of events in the format of TensorBoard: records of length, masked CRC-32C of the length, an {@code Event}
 * message, and its masked CRC-32C.
 */
final class EventFile implements AutoCloseable {
    private static final int MASK_DELTA = 0xA282EAD8;

    private final Path file;
    private final OutputStream out;

    /**
     * Begins {@code events.out.tfevents.<seconds>.<host>.<process>.<number>}, whose name no other program has, in a folder,
     * which is created if need be.
     */
    EventFile(Path folder) {
        Instant now = Instant.now();
        String stem = "events.out.tfevents." + now.getEpochSecond() + "." + host() + "."
                + ProcessHandle.current().pid() + ".";
        Path path = folder.resolve(stem + 0);
        try {
            Files.createDirectories(folder);
            @Nullable OutputStream created = null;
            for (int number = 0; created == null; number++) {
                path = folder.resolve(stem + number);
                created = createdNow(path);
            }
            this.file = path;
            this.out = new BufferedOutputStream(created);
        } catch (IOException e) {
            throw notWritten(path, e);
        }
        write(event(now).text(3, "brain.Event:2"));
    }

    private static @Nullable OutputStream createdNow(Path path) throws IOException {
        try {
            return Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            return null;
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9-]", "-");
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** A {@code SessionLog} of status START: TensorBoard forgets what files before this one say of this step and later ones. */
    void restart(long step) {
        write(event(Instant.now()).integer(2, step).message(7, new ProtoMessage().integer(1, 1)));
    }

    /** Adds a step's {@code Summary} message and brings it to the disk. */
    void add(long step, ProtoMessage summary) {
        write(event(Instant.now()).integer(2, step).message(5, summary));
    }

    private static ProtoMessage event(Instant time) {
        return new ProtoMessage().real(1, time.toEpochMilli() / 1e3);
    }

    private void write(ProtoMessage event) {
        byte[] data = event.toBytes();
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        try {
            out.write(length);
            out.write(maskedChecksum(length));
            out.write(data);
            out.write(maskedChecksum(data));
            out.flush();
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    private static byte[] maskedChecksum(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        int masked = Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(masked)
                .array();
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    private static DataException notWritten(Path file, IOException e) {
        return new DataException(file + " could not be written: " + AtomicFile.reason(e) + ".", e);
    }
}
