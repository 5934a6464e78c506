package bpnn.spark;

import bpnn.data.DataException;
import bpnn.io.file.Scratch;
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
        try (Scratch place = place(shared)) {
            Path folder = place.path().resolve(item.name());
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
            if (!shared) {
                return reply.with(FolderFiles.read(folder));
            }
            place.keep();
            return reply.in(folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("The files of " + item.name() + " could not be handed over", e);
        }
    }

    private ObjectNode facts() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("threads", job.threads());
        return json.put("commit", job.commit()).put("jarSha256", job.codeSha256());
    }

    private Scratch place(boolean shared) throws IOException {
        if (!shared) {
            return Scratch.folder("bpnn-run-");
        }
        return new Scratch(Files.createDirectory(
                Path.of(String.valueOf(delivery.incoming()), UUID.randomUUID().toString())));
    }
}
