package bpnn.io.safetensors;

import bpnn.data.DataException;
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

/**
 * The header of a safetensors file.
 *
 * @param metadata free text by name
 * @param entriesInFileOrder the tensors in the order of their bytes
 */
record Header(SortedMap<String, String> metadata, List<Entry> entriesInFileOrder) {
    private static final String METADATA = "__metadata__";
    private static final String COUNTER = ".num_batches_tracked";
    private static final Set<String> FIELDS = new TreeSet<>(Set.of("dtype", "shape", "data_offsets"));

    /** A tensor of {@code elements} float32 values in bytes {@code begin .. end - 1} of the data. */
    record Entry(String name, List<Integer> shape, long begin, long end) {
        /** PyTorch counts batches beside batch normalisation, in int64; no network needs it. */
        boolean isCounter() {
            return name.endsWith(COUNTER);
        }

        int elements() {
            return (int) ((end - begin) / Float.BYTES);
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
        boolean counter = name.endsWith(COUNTER) && node.get("dtype").asText().equals("I64");
        if (!counter && !node.get("dtype").asText().equals("F32")) {
            throw fault.apply("has the type " + node.get("dtype").asText() + ", but only F32 can be read");
        }
        if (!node.get("shape").isArray()) {
            throw fault.apply("has a shape that is no list");
        }
        List<Integer> shape = new ArrayList<>();
        long bytes = counter ? Long.BYTES : Float.BYTES;
        for (JsonNode dimension : node.get("shape")) {
            if (!dimension.isInt() || dimension.intValue() < 0) {
                throw fault.apply("has the impossible dimension " + dimension);
            }
            shape.add(dimension.intValue());
            bytes = saturatedProduct(bytes, dimension.intValue());
        }
        long[] offsets = offsets(node.get("data_offsets"), fault);
        long held = offsets[1] - offsets[0];
        if (held != bytes || bytes / Float.BYTES > Integer.MAX_VALUE - 8) {
            throw fault.apply("of shape " + shape + " does not fit its " + held + " bytes");
        }
        return new Entry(name, List.copyOf(shape), offsets[0], offsets[1]);
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
