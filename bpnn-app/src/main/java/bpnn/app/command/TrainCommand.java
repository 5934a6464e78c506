package bpnn.app.command;

import bpnn.app.ExitCode;
import bpnn.app.Session;
import bpnn.app.model.Model;
import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.NetworkOptions;
import bpnn.app.option.SplitOptions;
import bpnn.app.option.TrainingOptions;
import bpnn.app.option.WordConverter;
import bpnn.app.progress.ModelSummary;
import bpnn.app.progress.ProgressBar;
import bpnn.app.progress.ProgressLines;
import bpnn.app.run.HistoryFiles;
import bpnn.app.run.RunFolder;
import bpnn.app.run.RunPlan;
import bpnn.app.run.RunRecord;
import bpnn.app.run.RunResult;
import bpnn.app.run.StopSignal;
import bpnn.app.run.TrainingRun;
import bpnn.data.DataException;
import bpnn.mnist.DataSplit;
import bpnn.nn.DivergedException;
import bpnn.nn.InputScaling;
import bpnn.nn.TrainingListener;
import bpnn.nn.TrainingResult;
import bpnn.spi.Backend;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    public TrainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        split.check();
        network.check();
        training.check();
        training.out().ifPresent(RunFolder::checkFree);
        try (Backend backend = backends.open(session)) {
            RunPlan plan = plan(data.load(session));
            try (TrainingRun run = new TrainingRun(backend, plan)) {
                session.notice(introduction(plan));
                RunFolder folder = training.out()
                        .map(RunFolder::at)
                        .orElseGet(
                                () -> RunFolder.create(RUNS, plan.name(), LocalDateTime.now(ZoneId.systemDefault())));
                return StopSignal.during(() -> train(run, plan, folder, backend), run::requestStop);
            }
        }
    }

    private RunPlan plan(DataSplit images) {
        SplitOptions.Division division = split.divide(images);
        InputScaling scaling;
        try {
            scaling = network.normalisation().scaling(division.train());
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage() + ".", e);
        }
        return new RunPlan(
                network.spec(images.train().features(), images.train().classes()),
                training.start(),
                training.config(scaling),
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

    private int train(TrainingRun run, RunPlan plan, RunFolder folder, Backend backend) {
        RunRecord record = new RunRecord(folder, plan, backend);
        record.write();
        TrainingResult result;
        try {
            result = trainWithProgress(run, plan, folder);
        } catch (DivergedException diverged) {
            writeModel(run.model(), plan, folder);
            record.finish("diverged", RunResult.diverged(diverged, run.model()));
            session.notice("The last good weights are in " + folder.model() + ".");
            throw diverged;
        }
        Model model = run.model();
        writeModel(model, plan, folder);
        RunResult figures = RunResult.of(result, run.evaluate(plan.images().test()), model, backend);
        record.finish(result.interrupted() ? "interrupted" : "done", figures.json());
        session.result(figures.text() + "\nWritten to " + folder.path(), figures.json());
        if (result.interrupted()) {
            session.notice("Interrupted after " + result.steps() + " steps; what was learnt is written.");
        }
        return result.interrupted() ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }

    private TrainingResult trainWithProgress(TrainingRun run, RunPlan plan, RunFolder folder) {
        int epochs = plan.training().epochs();
        try (HistoryFiles history = HistoryFiles.open(folder, plan.logSteps())) {
            if (session.common().quiet()) {
                return run.train(history);
            }
            if (!session.terminal().interactive()) {
                return run.train(TrainingListener.all(
                        List.of(history, new ProgressLines(session.terminal().err(), epochs))));
            }
            long all = (long) epochs * run.stepsPerEpoch();
            long limit = plan.training().maxSteps();
            long steps = limit == 0 ? all : Math.min(limit, all);
            try (ProgressBar bar = new ProgressBar(
                    session.terminal(), epochs, steps, plan.training().batchSize())) {
                return run.train(TrainingListener.all(List.of(history, bar)));
            }
        }
    }

    private static void writeModel(Model model, RunPlan plan, RunFolder folder) {
        model.write(
                folder.model(),
                Map.of(
                        "dataset", plan.images().train().name(),
                        "dropout", String.valueOf(plan.network().dropout()),
                        "normalize", plan.normalisation(),
                        "seed", String.valueOf(plan.training().seed())));
    }
}
