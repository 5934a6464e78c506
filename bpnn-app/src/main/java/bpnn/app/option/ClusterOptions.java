package bpnn.app.option;

import bpnn.lab.work.ClusterEngine;
import bpnn.lab.work.ClusterJob;
import bpnn.lab.work.ClusterProvider;
import bpnn.spi.BackendException;
import java.util.OptionalDouble;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether runs are carried out on a cluster. */
public final class ClusterOptions {
    private static final Pattern MASTER = Pattern.compile("|(local|yarn|(spark|k8s)://.+|local\\[.+])");

    @Option(
            names = "--spark",
            paramLabel = "MASTER",
            arity = "0..1",
            fallbackValue = "",
            description =
                    "Carry the runs out on Apache Spark: spark://HOST:PORT, yarn, k8s://..., or local[N] for N at once in this"
                            + " process (without a value: what spark-submit says, else local[*]); see docs/cluster.md.")
    private @Nullable String master;

    @Option(
            names = "--spark-data",
            paramLabel = "send|read",
            defaultValue = "send",
            description =
                    "How workers come by the images: they are sent, or each worker reads them from --data-dir or --dataset,"
                            + " and compares their hashes with those here (default: ${DEFAULT-VALUE}).")
    private ImageTransport transport = ImageTransport.SEND;

    @Option(
            names = "--audit",
            paramLabel = "SHARE",
            description =
                    "Repeat this share of the runs on other workers of the cluster and compare the bits; a worker that is"
                            + " wrong is named, and its runs are repeated.")
    private @Nullable Double audit;

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        if (audit != null) {
            if (!(audit > 0 && audit <= 1)) {
                throw new UsageException("--audit is " + audit + ", but must be above 0 and at most 1.");
            }
            if (master == null) {
                throw new UsageException(
                        "--audit compares the workers of a cluster; say with --spark where they are, or leave it out.");
            }
        }
        if (master != null && !MASTER.matcher(master).matches()) {
            throw new UsageException("--spark is " + master
                    + ", but spark://HOST:PORT, yarn, k8s://..., local[N] or nothing is expected.");
        }
    }

    /** Whether runs are carried out on a cluster. */
    public boolean isAsked() {
        return master != null;
    }

    /** Whether images are sent to the workers. */
    public boolean sendsImages() {
        return transport == ImageTransport.SEND;
    }

    /** The share of runs that is repeated. */
    public OptionalDouble audit() {
        return audit == null ? OptionalDouble.empty() : OptionalDouble.of(audit);
    }

    /**
     * Brings a job to the cluster.
     *
     * @throws BackendException if it cannot be reached
     */
    public ClusterEngine open(ClusterJob job) {
        ClusterProvider provider = ServiceLoader.load(ClusterProvider.class, ClusterOptions.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new BackendException(
                        "--spark needs the module bpnn-spark, which is not on the class path. ./bpnn in a checkout builds"
                                + " and uses it; docs/cluster.md says how to use it elsewhere."));
        return provider.open(master == null ? "" : master, job);
    }
}
