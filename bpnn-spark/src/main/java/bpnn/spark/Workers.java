package bpnn.spark;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** The workers that are there: Spark's executors. */
final class Workers extends SparkListener {
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    /** How long workers may take to stop before nobody waits for them any more. */
    private static final long STOP_MILLIS = 5000;

    private final Map<String, String> hosts = new ConcurrentHashMap<>();
    private final Consumer<String> notices;
    private final int cores;
    private final long begin = System.nanoTime();
    private volatile boolean closing;
    private boolean reminded;
    private int tasks;

    /** @param cores that a task takes */
    Workers(int cores, Consumer<String> notices) {
        this.cores = cores;
        this.notices = notices;
    }

    /** The name of an executor. */
    static String name(String host, String executor) {
        return executor.equals("driver") ? host : host + " (executor " + executor + ")";
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded event) {
        hosts.put(event.executorId(), event.executorInfo().executorHost());
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        String host = hosts.remove(event.executorId());
        if (host != null && !closing) {
            notices.accept("Worker " + name(host, event.executorId()) + " is gone; what it had in work is begun again"
                    + " elsewhere.");
        }
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart event) {
        tasks++;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
        tasks--;
        notifyAll();
    }

    /** Waits for tasks that were cancelled: until they end they write files. */
    synchronized void awaitIdle() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        try {
            for (long left = STOP_MILLIS;
                    tasks > 0 && left > 0;
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says once that nobody works, if that is so for long. */
    void remindOfAbsence() {
        if (!reminded && hosts.isEmpty() && System.nanoTime() - begin > PATIENCE_NANOS) {
            reminded = true;
            notices.accept("No worker has come yet: all are busy, or none has "
                    + (cores == 1 ? "a free core" : cores + " free cores")
                    + " and the memory of spark.executor.memory. Waiting for one; Ctrl-C ends that.");
        }
    }

    /** From now on, that workers go means nothing. */
    void expectEnd() {
        closing = true;
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        hosts.forEach((executor, host) -> names.add(name(host, executor)));
        return names;
    }

    /** Where something may run that is to avoid some workers, in the words of Spark. */
    Set<String> locationsWithout(Set<String> avoided) {
        Set<String> locations = new TreeSet<>();
        hosts.forEach((executor, host) -> {
            if (!avoided.contains(name(host, executor))) {
                locations.add("executor_" + host + "_" + executor);
            }
        });
        return locations;
    }
}
