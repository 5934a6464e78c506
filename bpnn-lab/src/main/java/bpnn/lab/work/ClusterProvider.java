package bpnn.lab.work;

/** Reaches a cluster; found through {@link java.util.ServiceLoader}. */
public interface ClusterProvider {
    /**
     * Brings a job to a cluster.
     *
     * @param master where it is, as the cluster's own software writes that; empty for its default
     * @return has items carried out there
     * @throws bpnn.spi.BackendException if it does not answer
     */
    ClusterEngine open(String master, ClusterJob job);
}
