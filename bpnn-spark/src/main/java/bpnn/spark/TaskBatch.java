package bpnn.spark;

import bpnn.lab.work.WorkItem;
import bpnn.spi.BackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/** A job of Spark: items, a task each, whose replies are taken in as they come. */
final class TaskBatch {
    /** Replies that wait to be written, which bounds the memory that models take. */
    private static final int WAITING = 64;

    private static final long POLL_MILLIS = 50;

    private final SparkContext context;
    private final Workers workers;
    private final RunTask task;
    private final BooleanSupplier stopRequested;
    private final BlockingQueue<TaskReply> replies = new ArrayBlockingQueue<>(WAITING);

    TaskBatch(SparkContext context, Workers workers, RunTask task, BooleanSupplier stopRequested) {
        this.context = context;
        this.workers = workers;
        this.task = task;
        this.stopRequested = stopRequested;
    }

    /**
     * Has items carried out.
     *
     * @param taken is given each reply, in this thread
     * @throws BackendException if Spark gives up
     */
    void run(List<WorkItem> items, Consumer<TaskReply> taken) {
        List<Object> partitions =
                IntStream.range(0, items.size()).<Object>mapToObj(i -> i).toList();
        SimpleFutureAction<BoxedUnit> action = context.submitJob(
                spread(items), task, seq(partitions), (index, reply) -> hand(reply), () -> BoxedUnit.UNIT);
        try {
            drain(action, taken);
        } finally {
            abandon(action);
        }
        if (!stopRequested.getAsBoolean() && action.value().get().isFailure()) {
            Throwable cause = action.value().get().failed().get();
            if (context.isStopped()) {
                throw new IllegalStateException("Spark has stopped", cause);
            }
            throw new BackendException("The cluster gave the runs up: " + reason(cause) + ".", cause);
        }
    }

    /** A partition for each item. */
    private RDD<WorkItem> spread(List<WorkItem> items) {
        ClassTag<WorkItem> tag = ClassTag.apply(WorkItem.class);
        if (items.stream().allMatch(item -> item.avoided().isEmpty())) {
            return context.makeRDD(seq(items), items.size(), tag);
        }
        // Every task carries the places of all, so there must not be many.
        List<Tuple2<WorkItem, Seq<String>>> placed = new ArrayList<>();
        items.forEach(item -> placed.add(new Tuple2<>(item, seq(locations(item)))));
        return context.makeRDD(seq(placed), tag);
    }

    private static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }

    private List<String> locations(WorkItem item) {
        if (item.avoided().isEmpty()) {
            return List.of();
        }
        Set<String> others = workers.locationsWithout(item.avoided());
        if (others.isEmpty()) {
            throw new BackendException("There is no worker left to carry " + item.name() + " out: "
                    + String.join(", ", item.avoided()) + " must not.");
        }
        return List.copyOf(others);
    }

    /** Waits where replies come faster than they can be written; so does Spark then. */
    private BoxedUnit hand(TaskReply reply) {
        try {
            replies.put(reply);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return BoxedUnit.UNIT;
    }

    private void drain(SimpleFutureAction<BoxedUnit> action, Consumer<TaskReply> taken) {
        while (!stopRequested.getAsBoolean()) {
            // In this order: what is complete sends nothing more.
            boolean complete = action.isCompleted();
            TaskReply reply = next();
            if (reply != null) {
                taken.accept(reply);
            } else if (complete) {
                return;
            } else {
                workers.remindOfAbsence();
            }
        }
    }

    private @Nullable TaskReply next() {
        try {
            return replies.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Ends what is still in work; until Spark knows, it may wait for somebody to take replies. */
    private void abandon(SimpleFutureAction<BoxedUnit> action) {
        if (action.isCompleted()) {
            return;
        }
        action.cancel();
        while (!action.isCompleted() && !context.isStopped()) {
            next();
        }
        if (!context.isStopped()) {
            workers.awaitIdle();
        }
    }

    /** The first line of what is at the root of an error. */
    static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        return message.lines().findFirst().orElse("").replaceFirst("\\.$", "");
    }
}
