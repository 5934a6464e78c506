package bpnn.spark;

import bpnn.lab.work.WorkHandler;
import bpnn.lab.work.WorkHandlerProvider;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkOutcome;
import bpnn.lab.work.WorkSite;
import bpnn.spi.BackendException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;

/** What a process of a cluster keeps between the tasks of a job: images, backends. */
final class Workplace implements WorkSite {
    private static final Map<String, Workplace> PLACES = new ConcurrentHashMap<>();

    private final JobDescription job;
    private final Path plugins;
    private final Function<OptionalInt, WorkHandler> handlers;
    private final Map<OptionalInt, Queue<Slot>> idle = new ConcurrentHashMap<>();

    private Workplace(JobDescription job) {
        this.job = job;
        if (!job.codeSha256().equals(CodeHash.OWN)) {
            throw new BackendException("it runs another bpnn: its jar " + CodeHash.jar() + " has the SHA-256 "
                    + CodeHash.OWN + ", but the driver's " + job.codeSha256()
                    + "; take bpnn off the class path of the workers, or install the driver's there");
        }
        // Records name it. The code is the same, so the commit is.
        System.setProperty("bpnn.commit", job.commit());
        this.plugins = plugins(job);
        this.handlers = provider(job.handler()).prepare(job.settings(), this);
    }

    /** The workplace of this process for a job. */
    static Workplace of(JobDescription job) {
        return PLACES.computeIfAbsent(job.id(), id -> new Workplace(job));
    }

    /** Closes what this process holds open for a job. */
    static void close(String job) {
        Workplace place = PLACES.remove(job);
        if (place != null) {
            place.idle.values().forEach(slots -> slots.forEach(Slot::close));
        }
    }

    private static WorkHandlerProvider provider(String id) {
        ClassLoader loader = WorkHandlerProvider.class.getClassLoader();
        for (WorkHandlerProvider provider : ServiceLoader.load(WorkHandlerProvider.class, loader)) {
            if (provider.id().equals(id)) {
                return provider;
            }
        }
        throw new IllegalStateException("Nobody carries out items of the kind " + id);
    }

    /** Spark puts what it sends into one folder, together with everything else, and removes that in the end. */
    private static Path plugins(JobDescription job) {
        Path sent = Path.of(SparkFiles.getRootDirectory());
        try {
            Path folder = Files.createDirectories(sent.resolve("plugins-of-" + job.id()));
            for (String name : job.plugins()) {
                Files.copy(sent.resolve(name), folder.resolve(name));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("The plug-ins that were sent could not be copied", e);
        }
    }

    /**
     * Carries an item out.
     *
     * @return empty if the result is no longer wanted
     */
    Optional<WorkOutcome> carryOut(WorkItem item, Path folder, BooleanSupplier cancelled) {
        OptionalInt gpu = gpu();
        Queue<Slot> slots = idle.computeIfAbsent(gpu, each -> new ConcurrentLinkedQueue<>());
        @Nullable Slot found = slots.poll();
        Slot slot = found == null ? new Slot(() -> handlers.apply(gpu)) : found;
        boolean usable = false;
        try {
            Optional<WorkOutcome> outcome = slot.carryOut(item, folder, cancelled);
            usable = outcome.isPresent();
            return outcome;
        } finally {
            if (usable) {
                slots.add(slot);
            } else {
                slot.close();
            }
        }
    }

    @Override
    public Optional<byte[]> data(String name) {
        Broadcast<byte[]> sent = job.data().get(name);
        return sent == null ? Optional.empty() : Optional.of(sent.value());
    }

    @Override
    public Path plugins() {
        return plugins;
    }

    @Override
    public int threads() {
        return job.threads();
    }

    /** The GPU that the cluster has assigned to this task. */
    private static OptionalInt gpu() {
        ResourceInformation gpus = TaskContext.get().resourcesJMap().get("gpu");
        return gpus == null || gpus.addresses().length == 0
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(gpus.addresses()[0]));
    }
}
