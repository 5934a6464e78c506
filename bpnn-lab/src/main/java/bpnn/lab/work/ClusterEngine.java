package bpnn.lab.work;

import java.util.Set;

/** Has items carried out by the workers of a cluster, and by none that an item is to avoid. */
public interface ClusterEngine extends WorkEngine {
    /** The names of the workers that are there. */
    Set<String> workers();
}
