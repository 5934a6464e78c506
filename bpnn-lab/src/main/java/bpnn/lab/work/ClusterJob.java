package bpnn.lab.work;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a cluster has to know of items before it is given any.
 *
 * @param name for the cluster's own displays
 * @param handler who carries items out; see {@link WorkHandlerProvider#id}
 * @param settings what all items have in common
 * @param data bytes that every worker needs, by name, made when they are to be sent
 * @param plugins jars that every worker needs
 * @param threads that an item may use
 * @param needsGpu whether each item needs a GPU
 * @param notices takes sentences about what is going on
 */
public record ClusterJob(
        String name,
        String handler,
        String settings,
        Map<String, Supplier<byte[]>> data,
        List<Path> plugins,
        int threads,
        boolean needsGpu,
        Consumer<String> notices) {
    public ClusterJob {
        data = Map.copyOf(new TreeMap<>(data));
        plugins = List.copyOf(plugins);
    }
}
