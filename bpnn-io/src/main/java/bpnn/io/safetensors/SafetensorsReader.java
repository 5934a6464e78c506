package bpnn.io.safetensors;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.SyntaxFault;
import bpnn.io.tensor.ElementType;
import bpnn.io.tensor.TensorFile;
import bpnn.nn.StateTensor;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads files in the safetensors format that hold floating-point tensors, of which it makes float32, and believes nothing
 * that the header says.
 */
public final class SafetensorsReader {
    /** The format's own limit. */
    private static final int MAX_HEADER_BYTES = 100_000_000;

    /** Far more than a network of ours needs, and few enough for a small heap. */
    private static final long MAX_HEADER_TOKENS = 1_000_000;

    private static final int CHUNK_BYTES = 1 << 16;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MAX_HEADER_TOKENS)
                            .maxNestingDepth(8)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final FileChannel channel;

    private SafetensorsReader(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Reads a whole file.
     *
     * @throws DataException if it cannot be read or is malformed
     */
    public static TensorFile read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new SafetensorsReader(file, channel).read();
        } catch (IOException e) {
            throw new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
    }

    private TensorFile read() throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw fault("it is " + size + " bytes long, too short for a safetensors file");
        }
        long headerLength = readFully(Long.BYTES).getLong();
        if (headerLength < 0 || headerLength > MAX_HEADER_BYTES) {
            throw fault("its header claims " + Long.toUnsignedString(headerLength) + " bytes, but at most "
                    + MAX_HEADER_BYTES + " are allowed; it may not be a safetensors file");
        }
        if (headerLength > size - Long.BYTES) {
            throw fault("its header claims " + headerLength + " bytes, but only " + (size - Long.BYTES)
                    + " follow; it may be truncated");
        }
        long dataLength = size - Long.BYTES - headerLength;
        Header header = Header.parse(parse(readBytes((int) headerLength)), this::fault);
        header.checkLayout(dataLength, this::fault);
        SortedMap<String, StateTensor> tensors = new TreeMap<>();
        Set<ElementType> converted = EnumSet.noneOf(ElementType.class);
        for (Header.Entry entry : header.entriesInFileOrder()) {
            ElementType type = entry.type();
            if (type == null) {
                channel.position(channel.position() + entry.bytes());
            } else {
                float[] values = readFloats(type, (int) (entry.bytes() / type.width()));
                tensors.put(entry.name(), new StateTensor(entry.shape(), values));
                converted.add(type);
            }
        }
        converted.remove(ElementType.FLOAT32);
        return new TensorFile(header.metadata(), tensors, converted);
    }

    private JsonNode parse(byte[] header) {
        try {
            return JSON.readTree(header);
        } catch (JsonProcessingException e) {
            throw fault("its header cannot be read: " + SyntaxFault.words("JSON", e));
        } catch (IOException e) {
            throw fault("its header could not be read: " + AtomicFile.reason(e));
        }
    }

    private float[] readFloats(ElementType type, int count) throws IOException {
        float[] values = new float[count];
        int chunk = CHUNK_BYTES / type.width();
        for (int from = 0; from < count; from += chunk) {
            int n = Math.min(chunk, count - from);
            type.read(readFully(n * type.width()), values, from, n);
        }
        return values;
    }

    private ByteBuffer readFully(int count) throws IOException {
        return ByteBuffer.wrap(readBytes(count)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] readBytes(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[count]);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("it ended while being read");
            }
        }
        return buffer.array();
    }

    private DataException fault(String what) {
        return new DataException(file + " cannot be used: " + what + ".");
    }
}
