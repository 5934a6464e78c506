package bpnn.app.command;

import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.data.Dataset;
import bpnn.lab.probe.NetworkProbe;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.nn.DivergedException;
import bpnn.nn.EpochResult;
import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run that a page watches and steers. It is an ordinary training in a thread of its own, which waits where somebody paused
 * it, and answers for its network whenever it waits or has finished some steps.
 */
final class LiveRun implements AutoCloseable {
    /** Units of the first layer whose weights are shown. */
    private static final int PICTURED_UNITS = 24;

    /** Validation images whose activations are looked at. */
    private static final int SAMPLE = 100;

    /** What looking may cost of the time in which a run trains. */
    private static final double SHARE_OF_LOOKING = 0.035;

    private static final long LOOK_NANOS = 100_000_000L;
    /** Gradients and updates need whole copies of all weights, so they are measured more rarely. */
    private static final int LOOKS_A_MEASUREMENT = 4;

    /** The first ones take long, because they are still to be compiled, and say nothing about the cost. */
    private static final int COLD_LOOKS = 6;

    private static final long WAIT_MILLIS = 100;

    /** How far a run is. */
    enum Status {
        PREPARING,
        READY,
        RUNNING,
        PAUSED,
        DONE,
        DIVERGED,
        FAILED
    }

    private final Session session;
    private final Map<String, String> options;
    private final RunPlan plan;
    private final Supplier<Backend> backend;
    private final Supplier<Path> folders;
    private final Turns turns;
    private final BooleanSupplier watched;
    private final LiveRecord record;
    private final Queue<Question> questions = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private final Object control = new Object();
    private final Semaphore nudges = new Semaphore(0);
    private volatile Status status = Status.PREPARING;
    private volatile boolean changed = true;
    private volatile boolean closing;
    private volatile @Nullable TrainingRun training;
    private @Nullable String message;
    private @Nullable Path folder;
    private @Nullable String hash;
    private boolean pauseAsked = true;
    private boolean pauseAfterEpoch;
    private long pauseBefore = Long.MAX_VALUE;
    private volatile long step;
    private volatile double imagesPerSecond;

    private record Question(Dataset image, CompletableFuture<float[]> answer) {}

    /**
     * @param options with which {@code train} would train the same
     * @param folders makes a folder for the run, when it begins
     * @param watched whether anybody looks
     */
    LiveRun(
            Session session,
            Map<String, String> options,
            RunPlan plan,
            Supplier<Backend> backend,
            Supplier<Path> folders,
            Turns turns,
            BooleanSupplier watched) {
        this.session = session.silent();
        this.options = new TreeMap<>(options);
        this.plan = plan;
        this.backend = backend;
        this.folders = folders;
        this.turns = turns;
        this.watched = watched;
        this.record = new LiveRecord(plan.stepsPerEpoch());
        this.thread = new Thread(this::live, "live run");
        thread.setDaemon(true);
        thread.start();
    }

    private Dataset judged() {
        return Objects.requireNonNull(plan.images().validation());
    }

    /** Trains on. */
    void start() {
        resume(Long.MAX_VALUE, false);
    }

    /** Takes one step, and waits again. */
    void oneStep() {
        resume(step + 2, false);
    }

    /** Trains to the end of the epoch, and waits again. */
    void oneEpoch() {
        resume(Long.MAX_VALUE, true);
    }

    private void resume(long before, boolean toTheEndOfTheEpoch) {
        synchronized (control) {
            pauseAsked = false;
            pauseBefore = before;
            pauseAfterEpoch = toTheEndOfTheEpoch;
        }
        nudges.release();
    }

    /** Waits, soon. */
    void pause() {
        synchronized (control) {
            pauseAsked = true;
        }
    }

    /** What the network makes of an image; the answer comes when the run has time for it. */
    CompletableFuture<float[]> read(Dataset image) {
        CompletableFuture<float[]> answer = new CompletableFuture<>();
        questions.add(new Question(image, answer));
        nudges.release();
        return answer;
    }

    Map<String, String> options() {
        return options;
    }

    /** Everything about the run. */
    ObjectNode describe() {
        ObjectNode json = state();
        record.putAll(json, judged());
        return json;
    }

    /** What has changed since the last call; empty if nothing has. */
    Optional<ObjectNode> news() {
        ObjectNode json = changed || status == Status.RUNNING ? state() : JsonNodeFactory.instance.objectNode();
        changed = false;
        record.putNew(json, judged());
        return json.isEmpty() ? Optional.empty() : Optional.of(json);
    }

    private ObjectNode state() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", status.name().toLowerCase(Locale.ROOT));
        json.put("step", step);
        json.put("stepsPerEpoch", plan.stepsPerEpoch());
        json.put("allEpochs", plan.training().epochs());
        json.put("imagesPerSecond", Math.round(imagesPerSecond));
        synchronized (control) {
            json.put("message", message);
            json.put("folder", folder == null ? null : folder.toString());
            json.put("weightsSha256", hash);
        }
        return json;
    }

    private void live() {
        try (Backend opened = backend.get();
                TrainingRun run = new TrainingRun(opened, plan)) {
            training = run;
            record.look(
                    0,
                    List.of(),
                    false,
                    run.firstWeights(PICTURED_UNITS),
                    plan.network().inputs());
            become(Status.READY, null);
            waitWhilePaused();
            if (!closing) {
                train(opened, run);
            }
            while (!closing) {
                answer(run);
                rest();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            become(Status.FAILED, String.valueOf(e.getMessage() == null ? e : e.getMessage()));
        } finally {
            training = null;
            turns.leave(this);
            questions.forEach(question -> question.answer.cancel(false));
        }
    }

    private void train(Backend opened, TrainingRun run) {
        Path own = folders.get();
        synchronized (control) {
            folder = own;
        }
        Map<String, String> given = new TreeMap<>(options);
        given.put("out", own.toString());
        TrainingJob job = new TrainingJob(session, run, plan, RunFolder.at(own), opened, given, null);
        job.watch(new Watcher(run));
        turns.enter(this, () -> closing);
        become(Status.RUNNING, null);
        try {
            boolean whole = job.execute() == ExitCode.DONE;
            synchronized (control) {
                hash = run.model().sha256();
            }
            become(whole ? Status.DONE : Status.PAUSED, null);
        } catch (DivergedException diverged) {
            become(Status.DIVERGED, diverged.getMessage() + "; the last good weights are kept.");
        } finally {
            turns.leave(this);
        }
    }

    private void become(Status next, @Nullable String sentence) {
        status = next;
        synchronized (control) {
            message = sentence;
        }
        changed = true;
    }

    /** Where the run stands still until somebody lets it go on; it answers meanwhile. */
    private void waitWhilePaused() {
        TrainingRun run = Objects.requireNonNull(training);
        while (!closing) {
            synchronized (control) {
                if (!pauseAsked) {
                    return;
                }
            }
            answer(run);
            rest();
        }
    }

    /** Until something may have changed. */
    private void rest() {
        try {
            if (nudges.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                nudges.drainPermits();
            }
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    private void answer(TrainingRun run) {
        for (Question question = questions.poll(); question != null; question = questions.poll()) {
            question.answer.complete(run.predict(question.image).probabilities());
        }
    }

    /** Lets a run end; what it has learnt is written then. */
    void requestEnd() {
        closing = true;
        TrainingRun run = training;
        if (run != null) {
            run.requestStop();
        }
        nudges.release();
        turns.wake();
    }

    @Override
    public void close() {
        requestEnd();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks now and then, and stops where somebody asked for it. */
    private final class Watcher implements TrainingListener {
        private final TrainingRun run;
        private final NetworkProbe probe;
        private long observed;
        private boolean measures;
        private int looksSinceMeasured = LOOKS_A_MEASUREMENT;
        private long turnBegan = System.nanoTime();
        private long trained;
        private long cost;
        private double usual;
        private int seen;
        private long nextLook;
        private long trainedAtNextLook;

        Watcher(TrainingRun run) {
            this.run = run;
            this.probe = run.probe(judged(), SAMPLE);
        }

        @Override
        public boolean observes(long number) {
            if (number == observed) {
                return true;
            }
            boolean stops;
            synchronized (control) {
                // The step before which the run is to stand still, and the one before it, of which much is to be seen.
                stops = pauseAsked || number >= pauseBefore - 1;
            }
            if (stops || isTimeToLook()) {
                observed = number;
                return true;
            }
            return false;
        }

        @Override
        public void beforeStep(long number) {
            step = number - 1;
            stopIfAsked(number);
            boolean alone = isAlone(number);
            boolean looks = alone || isTimeToLook();
            long begin = System.nanoTime();
            measures = alone || (looks && ++looksSinceMeasured >= LOOKS_A_MEASUREMENT);
            if (measures) {
                looksSinceMeasured = 0;
                probe.beforeStep();
            } else if (looks) {
                record.look(
                        step,
                        probe.look(),
                        false,
                        run.firstWeights(PICTURED_UNITS),
                        plan.network().inputs());
                hasLooked(begin);
            }
            cost = System.nanoTime() - begin;
        }

        private void hasLooked(long begin) {
            long end = System.nanoTime();
            double spent = end - begin;
            usual = ++seen <= COLD_LOOKS ? spent : 0.8 * usual + 0.2 * spent;
            long pause = seen <= COLD_LOOKS ? LOOK_NANOS : (long) (usual / SHARE_OF_LOOKING);
            nextLook = end + LOOK_NANOS;
            trainedAtNextLook = trained + end - turnBegan + pause;
        }

        /** Not too often for an eye, and not for more than its share of the time in which this run trains. */
        private boolean isTimeToLook() {
            long now = System.nanoTime();
            return watched.getAsBoolean() && now > nextLook && trained + now - turnBegan > trainedAtNextLook;
        }

        private boolean isAlone(long number) {
            synchronized (control) {
                return number == pauseBefore - 1;
            }
        }

        @Override
        public void afterStep(long number) {
            step = number;
            if (measures) {
                long begin = System.nanoTime();
                record.look(
                        number,
                        probe.afterStep(),
                        true,
                        run.firstWeights(PICTURED_UNITS),
                        plan.network().inputs());
                hasLooked(begin - cost);
            }
        }

        @Override
        public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
            step = firstStep + losses.length - 1;
            record.steps(firstStep, losses);
            answer(run);
            long images = (long) losses.length * plan.training().batchSize();
            double seconds = (System.nanoTime() - turnBegan) * 1e-9;
            double speed = images / Math.max(1e-9, seconds);
            imagesPerSecond = imagesPerSecond == 0 ? speed : 0.8 * imagesPerSecond + 0.2 * speed;
            trained += System.nanoTime() - turnBegan;
            turns.pass(LiveRun.this, images, () -> closing);
            turnBegan = System.nanoTime();
        }

        @Override
        public void onEpoch(EpochResult result) {
            record.epoch(result);
            synchronized (control) {
                pauseAsked |=
                        pauseAfterEpoch && result.epoch() < plan.training().epochs();
                pauseAfterEpoch = false;
            }
            stopIfAsked(step + 1);
            turnBegan = System.nanoTime();
        }

        private void stopIfAsked(long next) {
            synchronized (control) {
                pauseAsked |= next >= pauseBefore;
                pauseBefore = pauseAsked ? Long.MAX_VALUE : pauseBefore;
                if (!pauseAsked) {
                    return;
                }
            }
            if (closing) {
                return;
            }
            turns.leave(LiveRun.this);
            become(Status.PAUSED, null);
            waitWhilePaused();
            turns.enter(LiveRun.this, () -> closing);
            become(Status.RUNNING, null);
            turnBegan = System.nanoTime();
        }
    }
}
