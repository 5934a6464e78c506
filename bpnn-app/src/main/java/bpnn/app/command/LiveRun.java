package bpnn.app.command;

import bpnn.app.live.Looks;
import bpnn.app.live.Questions;
import bpnn.app.live.RunView;
import bpnn.app.live.RunView.Status;
import bpnn.app.live.ShownRun;
import bpnn.app.session.Session;
import bpnn.data.Dataset;
import bpnn.lab.probe.NetworkView;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.nn.DivergedException;
import bpnn.nn.EpochResult;
import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run that a page watches and steers. It is an ordinary training in a thread of its own, which waits where somebody paused
 * it, and answers for its network whenever it waits or has finished some steps.
 */
final class LiveRun implements ShownRun {
    private static final long WAIT_MILLIS = 100;

    private final Session session;
    private final Map<String, String> options;
    private final RunPlan plan;
    private final Supplier<Backend> backend;
    private final Supplier<Path> folders;
    private final Turns turns;
    private final BooleanSupplier watched;
    private final RunView view;
    private final Questions questions = new Questions();
    private final Thread thread;
    private final Object control = new Object();
    private final Semaphore nudges = new Semaphore(0);
    private volatile boolean closing;
    private volatile @Nullable TrainingRun training;
    private boolean pauseAsked = true;
    private boolean pauseAfterEpoch;
    private long pauseBefore = Long.MAX_VALUE;

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
        this.view = new RunView(
                null,
                RecordedOptions.knobs(options),
                RecordedOptions.commandLine(options),
                plan.stepsPerEpoch(),
                plan.training().epochs(),
                judged());
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
        resume(view.step() + 2, false);
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

    @Override
    public CompletableFuture<float[]> read(Dataset image) {
        CompletableFuture<float[]> answer = questions.ask(image);
        nudges.release();
        turns.wake();
        return answer;
    }

    @Override
    public RunView view() {
        return view;
    }

    Map<String, String> options() {
        return options;
    }

    private void live() {
        try (Backend opened = backend.get();
                TrainingRun run = new TrainingRun(opened, plan)) {
            training = run;
            Looks.first(run.view(), view);
            view.become(Status.READY, null);
            waitWhilePaused();
            if (!closing) {
                train(opened, run);
            }
            while (!closing) {
                answer(run.view());
                rest();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            view.become(Status.FAILED, String.valueOf(e.getMessage() == null ? e : e.getMessage()));
        } finally {
            training = null;
            turns.leave(this);
            questions.end();
        }
    }

    private void train(Backend opened, TrainingRun run) {
        Path own = folders.get();
        view.keepIn(own);
        Map<String, String> given = new TreeMap<>(options);
        given.put("out", own.toString());
        TrainingJob job = new TrainingJob(session, run, plan, RunFolder.at(own), opened, given, null);
        job.watch(new Watcher(run.view()));
        job.show(view);
        turns.enter(this, () -> closing, () -> answer(run.view()));
        try {
            job.execute();
        } catch (DivergedException told) {
            // The job has told the view, and kept the last good weights.
        } finally {
            turns.leave(this);
        }
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
            answer(run.view());
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

    private void answer(NetworkView network) {
        questions.answer(image -> Looks.read(network, image));
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
        private final NetworkView network;
        private final Looks looks;
        private long stopsAt;

        Watcher(NetworkView network) {
            this.network = network;
            looks = new Looks(network, view, judged(), plan.training().batchSize(), watched, questions);
        }

        @Override
        public boolean observes(long number) {
            synchronized (control) {
                // The step before which the run is to stand still, and the one before it, of which much is to be seen.
                if (pauseAsked || number >= pauseBefore - 1) {
                    stopsAt = number;
                }
            }
            return looks.observes(number) || number == stopsAt;
        }

        @Override
        public void beforeStep(long number) {
            view.reach(number - 1);
            stopIfAsked(number);
            boolean alone;
            synchronized (control) {
                alone = number == pauseBefore - 1;
            }
            if (alone || looks.observes(number)) {
                looks.look(number, alone);
            }
        }

        @Override
        public void afterStep(long number) {
            view.reach(number);
            looks.afterStep(number);
        }

        @Override
        public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
            looks.onSteps(epoch, firstStep, losses, stepsLeft);
            long images = (long) losses.length * plan.training().batchSize();
            turns.pass(LiveRun.this, images, () -> closing, this::answer);
            looks.goOn();
        }

        @Override
        public void onEpoch(EpochResult result) {
            looks.onEpoch(result);
            synchronized (control) {
                pauseAsked |=
                        pauseAfterEpoch && result.epoch() < plan.training().epochs();
                pauseAfterEpoch = false;
            }
            stopIfAsked(view.step() + 1);
            looks.goOn();
        }

        private void answer() {
            LiveRun.this.answer(network);
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
            looks.standStill();
            turns.leave(LiveRun.this);
            view.become(Status.PAUSED, null);
            waitWhilePaused();
            turns.enter(LiveRun.this, () -> closing, this::answer);
            view.become(Status.RUNNING, null);
            looks.goOn();
        }
    }
}
