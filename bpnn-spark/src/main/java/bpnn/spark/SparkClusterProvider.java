package bpnn.spark;

import bpnn.lab.work.ClusterEngine;
import bpnn.lab.work.ClusterJob;
import bpnn.lab.work.ClusterProvider;

/** Reaches Spark. */
public final class SparkClusterProvider implements ClusterProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SparkClusterProvider() {}

    @Override
    public ClusterEngine open(String master, ClusterJob job) {
        return SparkEngine.open(master, job);
    }
}
