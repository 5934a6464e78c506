package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.PlanOptions;
import bpnn.app.option.TrainingOptions;
import bpnn.app.progress.ModelSummary;
import bpnn.app.progress.TrainingSummary;
import bpnn.app.session.Session;
import bpnn.lab.run.Checkpoint;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.spi.Backend;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains a network and writes its run folder. */
@Command(
        name = "train",
        sortOptions = false,
        description = "Trains a network, evaluates it on the test images, and writes a run folder.")
public final class TrainCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");

    private final Session session;

    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    public TrainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        options.check();
        TrainingOptions training = options.training();
        boolean resume = training.resume();
        OutputCheck.folder("The run folder", training.out().orElse(RUNS));
        if (training.tensorBoard() != null) {
            OutputCheck.folder("The folder for TensorBoard", training.tensorBoard());
        }
        if (!resume) {
            training.out().ifPresent(RunFolder::checkFree);
        }
        Optional<Checkpoint> checkpoint =
                resume ? training.out().map(RunFolder::new).flatMap(RunFolder::readCheckpoint) : Optional.empty();
        try (Backend backend = backends.open(session)) {
            RunPlan plan = options.plan(session);
            try (TrainingRun run = new TrainingRun(backend, plan)) {
                session.notice(introduction(plan));
                RunFolder folder = training.out()
                        .map(RunFolder::at)
                        .orElseGet(
                                () -> RunFolder.create(RUNS, plan.name(), LocalDateTime.now(ZoneId.systemDefault())));
                TrainingJob job = new TrainingJob(
                        session, run, plan, folder, backend, EffectiveOptions.of(spec), training.tensorBoard());
                if (resume) {
                    job.resume(checkpoint);
                }
                return StopSignal.during(job::execute, run::requestStop);
            }
        }
    }

    private String introduction(RunPlan plan) {
        RunPlan.Images images = plan.images();
        int held = images.validation() == null ? 0 : images.validation().size();
        return "Data " + images.train().name() + ": " + images.train().size() + " images to learn from, " + held
                + " to validate on, " + images.test().size() + " to test on.\n" + ModelSummary.of(plan.network())
                + "\n" + TrainingSummary.of(plan.training(), session.terminal().columns());
    }
}
