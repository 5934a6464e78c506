package bpnn.io.npz;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.SyntaxFault;
import bpnn.io.tensor.ElementType;
import bpnn.io.tensor.TensorFile;
import bpnn.nn.StateTensor;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads archives of {@code numpy.savez} and {@code savez_compressed} that hold vectors and matrices of float16, float32 or
 * float64 in either byte order, of which it makes float32, and believes nothing that they say of their sizes.
 */
public final class NpzReader {
    /** The array with the metadata. */
    static final String METADATA = "__metadata__";

    private static final Map<String, ElementType> TYPES =
            Map.of("f2", ElementType.FLOAT16, "f4", ElementType.FLOAT32, "f8", ElementType.FLOAT64);

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static final int MAX_METADATA = 1 << 20;
    private static final int MAX_ARRAYS = 10_000;
    private static final int MAX_VALUES = Integer.MAX_VALUE - 8;
    private static final int CHUNK = 1 << 16;

    private final Path file;

    private NpzReader(Path file) {
        this.file = file;
    }

    /**
     * Reads a whole file.
     *
     * @throws DataException if it cannot be read or is malformed
     */
    public static TensorFile read(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new NpzReader(file).read(zip);
        } catch (IOException | IllegalArgumentException e) {
            String reason = e instanceof IOException io ? AtomicFile.reason(io) : e.getMessage();
            throw new DataException(file + " could not be read as an archive of NumPy: " + reason + ".", e);
        }
    }

    private TensorFile read(ZipFile zip) throws IOException {
        if (zip.size() > MAX_ARRAYS) {
            throw fault("it holds " + zip.size() + " arrays, but at most " + MAX_ARRAYS + " are allowed");
        }
        SortedMap<String, String> metadata = new TreeMap<>();
        SortedMap<String, StateTensor> tensors = new TreeMap<>();
        Set<ElementType> types = EnumSet.noneOf(ElementType.class);
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName().replaceFirst("\\.npy$", "");
            try (InputStream in = zip.getInputStream(entry)) {
                if (name.equals(METADATA)) {
                    metadata.putAll(readMetadata(in));
                } else if (!name.endsWith(".num_batches_tracked")
                        && tensors.put(name, readTensor(name, in, types)) != null) {
                    throw fault("it holds \"" + name + "\" twice");
                }
            }
        }
        types.remove(ElementType.FLOAT32);
        return new TensorFile(metadata, tensors, types);
    }

    private StateTensor readTensor(String name, InputStream in, Set<ElementType> types) throws IOException {
        NpyHeader header = NpyHeader.read(file, name, in);
        ElementType type = header.type().length() == 3 ? TYPES.get(header.type().substring(1)) : null;
        if (type == null || "<>=".indexOf(header.type().charAt(0)) < 0) {
            throw fault("\"" + name + "\" has the type " + header.type()
                    + ", but only float16, float32 and float64 (f2, f4 and f8) can be read");
        }
        types.add(type);
        List<Integer> shape = shape(name, header);
        float[] values = readValues(name, in, type, header.order(), shape);
        return new StateTensor(shape, header.columnsFirst() && shape.size() == 2 ? rowsFirst(values, shape) : values);
    }

    private Map<String, String> readMetadata(InputStream in) throws IOException {
        NpyHeader header = NpyHeader.read(file, METADATA, in);
        if (!header.type().startsWith("|S") || !header.sides().isBlank()) {
            throw fault("\"" + METADATA + "\" is no string of bytes");
        }
        byte[] text = in.readNBytes(MAX_METADATA + 1);
        if (text.length > MAX_METADATA) {
            throw fault("\"" + METADATA + "\" has more than " + MAX_METADATA + " bytes");
        }
        try {
            Map<String, String> metadata = JSON.readValue(text, new TypeReference<@Nullable Map<String, String>>() {});
            if (metadata == null || metadata.containsValue(null)) {
                throw fault("\"" + METADATA + "\" holds null where text is expected");
            }
            return metadata;
        } catch (JsonProcessingException e) {
            throw fault("\"" + METADATA + "\" cannot be used: " + SyntaxFault.words("JSON", e));
        }
    }

    private List<Integer> shape(String name, NpyHeader header) {
        List<Integer> shape = header.shape(file, name);
        if (shape.isEmpty() || shape.size() > 2) {
            throw fault("\"" + name + "\" has " + shape.size() + " sides, but a weight has 1 or 2");
        }
        return shape;
    }

    /** Grows with what is there, not with what the header claims. */
    private float[] readValues(String name, InputStream in, ElementType type, ByteOrder order, List<Integer> shape)
            throws IOException {
        long claimed = shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        if (claimed > MAX_VALUES) {
            throw fault("\"" + name + "\" claims " + claimed + " values, but at most " + MAX_VALUES + " are possible");
        }
        float[] values = new float[(int) Math.min(claimed, CHUNK)];
        int count = 0;
        while (count < claimed) {
            byte[] bytes = in.readNBytes((int) Math.min(claimed - count, CHUNK) * type.width());
            int read = bytes.length / type.width();
            if (read == 0) {
                throw fault("\"" + name + "\" claims " + claimed + " values, but has " + count);
            }
            if (count + read > values.length) {
                values = Arrays.copyOf(values, (int) Math.min(claimed, 2L * (count + read)));
            }
            type.read(ByteBuffer.wrap(bytes).order(order), values, count, read);
            count += read;
        }
        if (in.read() >= 0) {
            throw fault("\"" + name + "\" has more values than the " + claimed + " that it claims");
        }
        return values;
    }

    private static float[] rowsFirst(float[] values, List<Integer> shape) {
        int rows = shape.get(0);
        int cols = shape.get(1);
        float[] result = new float[values.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                result[i * cols + j] = values[j * rows + i];
            }
        }
        return result;
    }

    private DataException fault(String what) {
        return new DataException(file + " cannot be used: " + what + ".");
    }
}
