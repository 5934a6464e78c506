package bpnn.io.safetensors;

import bpnn.nn.StateTensor;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a safetensors file holds.
 *
 * @param metadata free text by name
 * @param tensors float32 tensors by name
 */
public record TensorFile(SortedMap<String, String> metadata, SortedMap<String, StateTensor> tensors) {
    public TensorFile {
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    }

    /** From maps of any order. */
    public static TensorFile of(Map<String, String> metadata, Map<String, StateTensor> tensors) {
        return new TensorFile(new TreeMap<>(metadata), new TreeMap<>(tensors));
    }
}
