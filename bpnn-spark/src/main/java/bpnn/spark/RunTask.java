package bpnn.spark;

import bpnn.data.DataException;
import bpnn.lab.run.PlanException;
import bpnn.lab.work.FolderFiles;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkOutcome;
import bpnn.lab.work.WorkerRecord;
import bpnn.spi.BackendException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** What Spark runs on a worker: one item. What goes wrong there for any other reason than those of a refusal, Spark tries again. */
final class RunTask extends AbstractFunction1<Iterator<WorkItem>, TaskReply> implements Serializable {
    private static final long serialVersionUID = 1;

    private final JobDescription job;
    private final Delivery delivery;

    RunTask(JobDescription job, Delivery delivery) {
        this.job = job;
        this.delivery = delivery;
    }

    @Override
    public TaskReply apply(Iterator<WorkItem> items) {
        WorkItem item = items.next();
        String worker = worker();
        if (item.avoided().contains(worker)) {
            return TaskReply.refused(item.name(), worker, TaskReply.Refusal.AVOIDED, "");
        }
        try {
            return carryOut(item, worker, Workplace.of(job));
        } catch (DataException e) {
            return TaskReply.refused(item.name(), worker, TaskReply.Refusal.DATA, String.valueOf(e.getMessage()));
        } catch (BackendException e) {
            return TaskReply.refused(item.name(), worker, TaskReply.Refusal.BACKEND, String.valueOf(e.getMessage()));
        } catch (PlanException e) {
            return TaskReply.refused(item.name(), worker, TaskReply.Refusal.OPTIONS, String.valueOf(e.getMessage()));
        }
    }

    /** The name of this worker, as the driver hears of it too. */
    private static String worker() {
        SparkEnv here = SparkEnv.get();
        return Workers.name(here.blockManager().blockManagerId().host(), here.executorId());
    }

    private TaskReply carryOut(WorkItem item, String worker, Workplace workplace) {
        boolean shared = delivery.isShared();
        Path place = place(shared);
        boolean left = false;
        try {
            Path folder = place.resolve(item.name());
            TaskContext task = TaskContext.get();
            Optional<WorkOutcome> outcome = workplace.carryOut(item, folder, task::isInterrupted);
            if (outcome.isEmpty()) {
                throw new TaskKilledException("nobody wants it any more");
            }
            TaskReply reply = TaskReply.done(item.name(), worker, outcome.get());
            if (!delivery.isWanted() || outcome.get().failure() != null) {
                return reply;
            }
            Files.createDirectories(folder);
            WorkerRecord.write(folder, worker, outcome.get().computer(), facts());
            left = shared;
            return shared ? reply.in(folder.toString()) : reply.with(FolderFiles.read(folder));
        } catch (IOException e) {
            throw new UncheckedIOException("The files of " + item.name() + " could not be handed over", e);
        } finally {
            if (!left) {
                remove(place);
            }
        }
    }

    private ObjectNode facts() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("threads", job.threads());
        return json.put("commit", job.commit()).put("jarSha256", job.codeSha256());
    }

    private Path place(boolean shared) {
        try {
            if (!shared) {
                return Files.createTempDirectory("bpnn-run-");
            }
            return Files.createDirectories(Path.of(
                    String.valueOf(delivery.incoming()), UUID.randomUUID().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("There is no place for the files of a run", e);
        }
    }

    private static void remove(@Nullable Path place) {
        try {
            if (place != null) {
                FolderFiles.remove(place);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + place + " could not be removed", e);
        }
    }
}
