package bpnn.io.tensor;

import bpnn.nn.StateTensor;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a file of tensors holds.
 *
 * @param metadata free text by name
 * @param tensors tensors by name, as float32
 * @param converted the types, other than float32, that elements had in the file
 */
public record TensorFile(
        SortedMap<String, String> metadata, SortedMap<String, StateTensor> tensors, Set<ElementType> converted) {
    public TensorFile {
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
        converted = Set.copyOf(converted);
    }

    /** Whose elements are float32 in the file too. */
    public TensorFile(SortedMap<String, String> metadata, SortedMap<String, StateTensor> tensors) {
        this(metadata, tensors, Set.of());
    }

    /** From maps of any order. */
    public static TensorFile of(Map<String, String> metadata, Map<String, StateTensor> tensors) {
        return new TensorFile(new TreeMap<>(metadata), new TreeMap<>(tensors));
    }
}
