package bpnn.app.command;

import bpnn.app.Session;
import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.NetworkOptions;
import bpnn.app.option.SplitOptions;
import bpnn.app.option.TrainingOptions;
import bpnn.app.option.WordConverter;
import bpnn.app.progress.ModelSummary;
import bpnn.app.run.Checkpoint;
import bpnn.app.run.RunFolder;
import bpnn.app.run.RunPlan;
import bpnn.app.run.StopSignal;
import bpnn.app.run.TrainingRun;
import bpnn.mnist.DataSplit;
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
        description = "Trains a network and says how well it reads unseen digits.")
public final class TrainCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");

    private final Session session;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final SplitOptions split = new SplitOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Mixin
    private final TrainingOptions training = new TrainingOptions();

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
        split.check();
        network.check();
        training.check();
        boolean resume = training.resume();
        if (!resume) {
            training.out().ifPresent(RunFolder::checkFree);
        }
        Optional<Checkpoint> checkpoint =
                resume ? training.out().map(RunFolder::new).flatMap(RunFolder::readCheckpoint) : Optional.empty();
        try (Backend backend = backends.open(session)) {
            RunPlan plan = plan(data.load(session));
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

    private RunPlan plan(DataSplit images) {
        SplitOptions.Division division = split.divide(images);
        training.refinements().checkValidation(division.validation() != null);
        return new RunPlan(
                network.spec(images.train().features(), images.train().classes()),
                training.start(),
                training.config(network.scaling(division.train())),
                WordConverter.word(training.optimizer()),
                WordConverter.word(network.normalisation()),
                new RunPlan.Images(
                        division.train(),
                        division.validation(),
                        images.test(),
                        images.trainSha256(),
                        images.testSha256()),
                training.logSteps());
    }

    private static String introduction(RunPlan plan) {
        RunPlan.Images images = plan.images();
        int held = images.validation() == null ? 0 : images.validation().size();
        return "Data " + images.train().name() + ": " + images.train().size() + " images to learn from, " + held
                + " to validate on, " + images.test().size() + " to test on.\n" + ModelSummary.of(plan.network());
    }
}
