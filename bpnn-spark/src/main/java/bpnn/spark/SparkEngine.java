package bpnn.spark;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.FileTree;
import bpnn.lab.run.Build;
import bpnn.lab.work.ClusterEngine;
import bpnn.lab.work.ClusterJob;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkResult;
import bpnn.spi.BackendException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag;

/** Has each item carried out as a task of its own on a cluster of Apache Spark. */
final class SparkEngine implements ClusterEngine {
    /** Tasks that Spark is told of at once, which bounds what it remembers of them. */
    private static final int JOB = 10_000;

    /** Likewise, where it has to know who may carry them out. */
    private static final int JOB_WITH_PLACES = 200;

    /** Where Log4j, with which Spark logs, is told how to. */
    private static final String LOG = "log4j2.configurationFile";

    private static final String INCOMING = ".incoming-";

    private final SparkContext context;
    private final JobDescription job;
    private final Workers workers;
    private volatile boolean stopRequested;

    private SparkEngine(SparkContext context, JobDescription job, Workers workers) {
        this.context = context;
        this.job = job;
        this.workers = workers;
    }

    /**
     * Reaches a cluster, and sends it what its workers need.
     *
     * @throws BackendException if it cannot be reached
     */
    static SparkEngine open(String master, ClusterJob job) {
        if (System.getProperty(LOG) == null) {
            System.setProperty(LOG, "classpath:bpnn/spark/driver-log4j2.properties");
        }
        SparkConf conf = Settings.of(master, job);
        String where = conf.get("spark.master");
        Settings.checkMaster(where);
        SparkContext context = context(conf);
        try {
            Workers workers = new Workers(job.threads(), job.notices());
            context.addSparkListener(workers);
            Map<String, Broadcast<byte[]>> data = new HashMap<>();
            job.data()
                    .forEach((name, bytes) ->
                            data.put(name, context.broadcast(bytes.get(), ClassTag.apply(byte[].class))));
            List<String> plugins = new ArrayList<>();
            for (Path jar : job.plugins()) {
                context.addFile(jar.toUri().toString());
                plugins.add(jar.getFileName().toString());
            }
            job.notices()
                    .accept("Spark " + context.version() + " at " + where + ", " + job.threads()
                            + (job.threads() == 1 ? " thread" : " threads") + " a run.");
            JobDescription description = new JobDescription(
                    UUID.randomUUID().toString(),
                    job.handler(),
                    job.settings(),
                    data,
                    plugins,
                    job.threads(),
                    Build.commit(),
                    CodeHash.OWN);
            return new SparkEngine(context, description, workers);
        } catch (RuntimeException | Error e) {
            context.stop();
            throw e;
        }
    }

    private static SparkContext context(SparkConf conf) {
        try {
            return new SparkContext(conf);
        } catch (Exception e) {
            throw new BackendException(
                    "Spark could not be started at " + conf.get("spark.master") + ": " + TaskBatch.reason(e) + ".", e);
        }
    }

    @Override
    public Set<String> workers() {
        return workers.names();
    }

    @Override
    public boolean run(@Nullable Path folder, List<WorkItem> items, Consumer<WorkResult> finished) {
        if (items.isEmpty()) {
            return true;
        }
        try (Delivery delivery = delivery(folder)) {
            List<WorkItem> left = items;
            while (!left.isEmpty() && !stopRequested) {
                left = run(folder, delivery, left, finished);
            }
            return !stopRequested;
        } catch (IllegalStateException e) {
            if (!context.isStopped()) {
                throw e;
            }
            throw new BackendException(
                    "Spark has ended the application, as it does where its workers cannot start processes;"
                            + " their logs say why, and -Dbpnn.spark.log=info before the command shows more.",
                    e);
        } catch (IOException e) {
            throw new DataException("The folder " + folder + " could not be used: " + AtomicFile.reason(e) + ".", e);
        }
    }

    private Delivery delivery(@Nullable Path folder) throws IOException {
        if (folder == null) {
            return Delivery.NONE;
        }
        removeIncoming(folder);
        return Delivery.to(folder.toAbsolutePath().resolveSibling(INCOMING + job.id()));
    }

    /** Gives the items that came to workers that must not carry them out. */
    private List<WorkItem> run(
            @Nullable Path folder, Delivery delivery, List<WorkItem> items, Consumer<WorkResult> finished) {
        Map<String, WorkItem> named = new HashMap<>();
        items.forEach(item -> named.put(item.name(), item));
        List<WorkItem> again = new ArrayList<>();
        int size = items.stream().allMatch(item -> item.avoided().isEmpty()) ? JOB : JOB_WITH_PLACES;
        for (int from = 0; from < items.size() && !stopRequested; from += size) {
            List<WorkItem> some = items.subList(from, Math.min(items.size(), from + size));
            TaskBatch batch = new TaskBatch(context, workers, new RunTask(job, delivery), () -> stopRequested);
            batch.run(some, reply -> {
                WorkItem item = Objects.requireNonNull(named.get(reply.name()));
                if (reply.refusal() == TaskReply.Refusal.AVOIDED) {
                    again.add(item);
                    return;
                }
                reply.throwRefusal();
                if (folder != null) {
                    delivery.place(folder, reply);
                }
                finished.accept(new WorkResult(item, Objects.requireNonNull(reply.outcome()), reply.worker()));
            });
        }
        return again;
    }

    /** What a driver that was killed has left behind. */
    private static void removeIncoming(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return;
        }
        try (DirectoryStream<Path> old = Files.newDirectoryStream(parent, INCOMING + "*")) {
            for (Path each : old) {
                FileTree.remove(each);
            }
        }
    }

    @Override
    public void requestStop() {
        stopRequested = true;
    }

    @Override
    public void close() {
        workers.expectEnd();
        Workplace.close(job.id());
        context.stop();
    }
}
