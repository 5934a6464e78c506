package bpnn.io.safetensors;

import bpnn.data.DataException;
import bpnn.io.tensor.ElementType;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file.
 *
 * @param metadata free text by name
 * @param entriesInFileOrder the tensors in the order of their bytes
 */
record Header(SortedMap<String, String> metadata, List<Entry> entriesInFileOrder) {
    private static final String METADATA = "__metadata__";
    private static final String COUNTER = ".num_batches_tracked";
    private static final Map<String, ElementType> TYPES = Map.of(
            "F16", ElementType.FLOAT16,
            "BF16", ElementType.BFLOAT16,
            "F32", ElementType.FLOAT32,
            "F64", ElementType.FLOAT64);
    private static final Set<String> FIELDS = new TreeSet<>(Set.of("dtype", "shape", "data_offsets"));

    /**
     * A tensor in bytes {@code begin .. end - 1} of the data.
     *
     * @param type null for PyTorch's count of batches beside batch normalisation, in int64, which no network needs
     */
    record Entry(String name, @Nullable ElementType type, List<Integer> shape, long begin, long end) {
        long bytes() {
            return end - begin;
        }
    }

    static Header parse(JsonNode root, Function<String, DataException> fault) {
        if (!root.isObject()) {
            throw fault.apply("its header is not a JSON object");
        }
        SortedMap<String, String> metadata = new TreeMap<>();
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                readMetadata(field.getValue(), metadata, fault);
            } else {
                String name = field.getKey();
                entries.add(entry(name, field.getValue(), what -> fault.apply("tensor \"" + name + "\" " + what)));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return new Header(metadata, entries);
    }

    private static void readMetadata(
            JsonNode node, SortedMap<String, String> metadata, Function<String, DataException> fault) {
        if (!node.isObject()) {
            throw fault.apply("its " + METADATA + " is not a JSON object");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw fault.apply(
                        "its " + METADATA + " holds something other than text under \"" + field.getKey() + "\"");
            }
            metadata.put(field.getKey(), field.getValue().textValue());
        }
    }

    private static Entry entry(String name, JsonNode node, Function<String, DataException> fault) {
        Set<String> fields = new TreeSet<>();
        node.fieldNames().forEachRemaining(fields::add);
        if (!fields.equals(FIELDS)) {
            throw fault.apply("has the fields " + fields + " instead of " + FIELDS);
        }
        String dtype = node.get("dtype").asText();
        boolean counter = name.endsWith(COUNTER) && dtype.equals("I64");
        ElementType type = counter ? null : TYPES.get(dtype);
        if (!counter && type == null) {
            throw fault.apply("has the type " + dtype + ", but only F16, BF16, F32 and F64 can be read");
        }
        if (!node.get("shape").isArray()) {
            throw fault.apply("has a shape that is no list");
        }
        List<Integer> shape = new ArrayList<>();
        int width = type == null ? Long.BYTES : type.width();
        long bytes = width;
        for (JsonNode dimension : node.get("shape")) {
            if (!dimension.isInt() || dimension.intValue() < 0) {
                throw fault.apply("has the impossible dimension " + dimension);
            }
            shape.add(dimension.intValue());
            bytes = saturatedProduct(bytes, dimension.intValue());
        }
        long[] offsets = offsets(node.get("data_offsets"), fault);
        long held = offsets[1] - offsets[0];
        if (held != bytes || bytes / width > Integer.MAX_VALUE - 8) {
            throw fault.apply("of shape " + shape + " does not fit its " + held + " bytes");
        }
        return new Entry(name, type, List.copyOf(shape), offsets[0], offsets[1]);
    }

    private static long[] offsets(JsonNode node, Function<String, DataException> fault) {
        long[] offsets = new long[2];
        boolean possible = node.isArray() && node.size() == offsets.length;
        for (int i = 0; possible && i < offsets.length; i++) {
            possible = node.get(i).isIntegralNumber() && node.get(i).canConvertToLong();
            offsets[i] = node.get(i).asLong();
        }
        if (!possible || offsets[0] < 0 || offsets[1] < offsets[0]) {
            throw fault.apply("has the impossible data_offsets " + node);
        }
        return offsets;
    }

    /** The product, or Long.MAX_VALUE where it does not fit. */
    private static long saturatedProduct(long a, int b) {
        return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
    }

    /** Every byte of the data belongs to exactly one tensor. */
    void checkLayout(long dataLength, Function<String, DataException> fault) {
        long expected = 0;
        String before = "the header";
        for (Entry entry : entriesInFileOrder) {
            if (entry.end > dataLength) {
                throw fault.apply("tensor \"" + entry.name + "\" ends at byte " + entry.end
                        + " of the data, but there are " + dataLength + "; the file may be truncated");
            }
            if (entry.begin < expected) {
                throw fault.apply("tensor \"" + entry.name + "\" overlaps " + before);
            }
            if (entry.begin > expected) {
                throw fault.apply((entry.begin - expected) + " bytes between " + before + " and tensor \"" + entry.name
                        + "\" belong to no tensor");
            }
            expected = entry.end;
            before = "tensor \"" + entry.name + "\"";
        }
        if (expected != dataLength) {
            throw fault.apply((dataLength - expected) + " bytes after " + before + " belong to no tensor");
        }
    }
}
