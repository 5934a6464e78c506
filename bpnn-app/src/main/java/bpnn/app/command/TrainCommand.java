package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.PlanOptions;
import bpnn.app.option.TraceOptions;
import bpnn.app.option.TrainingOptions;
import bpnn.app.option.UsageException;
import bpnn.app.option.VersionOptions;
import bpnn.app.option.WatchOption;
import bpnn.app.progress.ModelSummary;
import bpnn.app.progress.TrainingSummary;
import bpnn.app.session.Session;
import bpnn.lab.run.Checkpoint;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.lab.trace.TraceSettings;
import bpnn.spi.Backend;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network and writes its run folder. */
@Command(
        name = "train",
        sortOptions = false,
        description = "Trains a network, evaluates it on the test images, and writes a run folder.")
public final class TrainCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");
    private static final int MOST_MEMBERS = 100;

    private final Session session;

    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Option(
            names = "--members",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Train N networks with N seeds, from --seed on, each in a run folder of its own below --out; eval, predict,"
                            + " serve and export take the folder as one (default: ${DEFAULT-VALUE}).")
    private int members;

    @Mixin
    private final VersionOptions versions = new VersionOptions();

    @Mixin
    private final TraceOptions trace = new TraceOptions();

    @Mixin
    private final WatchOption watch = new WatchOption();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    private long lastStep = Long.MAX_VALUE;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    public TrainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        options.check();
        trace.check();
        watch.check();
        versions.versions();
        if (members < 1 || members > MOST_MEMBERS) {
            throw new UsageException("--members is " + members + ", but must be between 1 and " + MOST_MEMBERS + ".");
        }
        TrainingOptions training = options.training();
        boolean resume = training.resume();
        OutputCheck.folder("The run folder", training.out().orElse(RUNS));
        if (members > 1 && training.tensorBoard() != null) {
            throw new UsageException("--tensorboard shows one training, but --members is " + members + ".");
        }
        if (training.tensorBoard() != null) {
            OutputCheck.folder("The folder for TensorBoard", training.tensorBoard());
        }
        if (!resume) {
            training.out().ifPresent(RunFolder::checkFree);
        }
        Optional<TraceSettings> tracing = trace.settings();
        Optional<Checkpoint> checkpoint =
                resume ? training.out().map(RunFolder::new).flatMap(RunFolder::readCheckpoint) : Optional.empty();
        try (Backend backend = backends.open(session)) {
            RunPlan plan = options.plan(session);
            try (Watching watching = Watching.open(session, watch, plan.images())) {
                return members > 1
                        ? trainMembers(backend, plan, tracing, watching)
                        : train(backend, plan, tracing, watching, checkpoint);
            }
        }
    }

    private int train(
            Backend backend,
            RunPlan plan,
            Optional<TraceSettings> tracing,
            Watching watching,
            Optional<Checkpoint> checkpoint) {
        TrainingOptions training = options.training();
        try (TrainingRun run = new TrainingRun(backend, plan)) {
            session.notice(introduction(plan));
            RunFolder folder = folder(plan);
            Map<String, String> given = EffectiveOptions.of(spec);
            TrainingJob job = new TrainingJob(session, run, plan, folder, backend, given, training.tensorBoard());
            tracing.ifPresent(job::trace);
            job.stopAfter(lastStep);
            job.judgeBy(versions.versions());
            watching.watch(job, run, plan, given, folder.path());
            if (training.resume()) {
                job.resume(checkpoint);
            }
            return StopSignal.during(job::execute, run::requestStop);
        }
    }

    private RunFolder folder(RunPlan plan) {
        return options.training()
                .out()
                .map(RunFolder::at)
                .orElseGet(() -> RunFolder.create(RUNS, plan.name(), LocalDateTime.now(ZoneId.systemDefault())));
    }

    /**
     * Ends the training after a step, as if it had been interrupted there: other than with {@code --steps}, its rates stay
     * those of the whole training.
     */
    void stopAfter(long step) {
        lastStep = step;
    }

    /** What the options say is to be trained. */
    RunPlan plan() {
        return plan(images());
    }

    /** Refuses what cannot be. */
    void check() {
        options.check();
    }

    /** The images that the options say are to be learnt from. */
    RunPlan.Images images() {
        options.check();
        return options.images(session);
    }

    /** What the options say is to be trained, on images that were loaded by the same options. */
    RunPlan plan(RunPlan.Images images) {
        options.check();
        return options.plan(images);
    }

    private int trainMembers(Backend backend, RunPlan plan, Optional<TraceSettings> tracing, Watching watching) {
        session.notice(introduction(plan));
        MembersJob job = new MembersJob(
                session,
                backend,
                plan,
                folder(plan).path(),
                EffectiveOptions.of(spec),
                tracing,
                versions.versions(),
                watching);
        boolean resume = options.training().resume();
        return StopSignal.during(() -> job.execute(members, resume), job::requestStop);
    }

    private String introduction(RunPlan plan) {
        RunPlan.Images images = plan.images();
        int held = images.validation() == null ? 0 : images.validation().size();
        return "Data " + images.train().name() + ": " + images.train().size() + " images to learn from, " + held
                + " to validate on, " + images.test().size() + " to test on.\n" + ModelSummary.of(plan.network())
                + "\n" + TrainingSummary.of(plan.training(), session.terminal().columns());
    }
}
