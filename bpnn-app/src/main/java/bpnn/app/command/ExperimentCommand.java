package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.ExperimentOptions;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.SplitOptions;
import bpnn.app.option.UsageException;
import bpnn.app.progress.ExperimentProgress;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.lab.experiment.ExperimentFolder;
import bpnn.lab.experiment.ExperimentPlan;
import bpnn.lab.experiment.ExperimentRunner;
import bpnn.lab.experiment.Results;
import bpnn.lab.experiment.RunArchive;
import bpnn.lab.run.RunPlan;
import bpnn.report.Report;
import bpnn.report.ReportFiles;
import bpnn.report.Study;
import bpnn.report.study.Studies;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares training with and without a trick, and shows effect and cause. */
@Command(
        name = "experiment",
        sortOptions = false,
        description = {
            "Compares training with and without a trick over several seeds, and writes a report that shows the effect"
                    + " and the cause.",
            "An interrupted experiment goes on when the same command is given again; finished runs are kept."
        })
public final class ExperimentCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");

    private final Session session;

    @Parameters(
            paramLabel = "scaling|dropout|batch-norm|augmentation|all",
            arity = "1",
            description = "Input scaling, dropout, batch normalisation, distorted images, or all but the last.")
    private String name = "";

    @Mixin
    private final ExperimentOptions options = new ExperimentOptions();

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final SplitOptions split = new SplitOptions();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    public ExperimentCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Desktop.require("The report of an experiment");
        List<Study> studies = studies();
        options.check();
        split.check();
        Path out = options.out().orElseGet(() -> RUNS.resolve("experiment-" + name.toLowerCase(Locale.ROOT)));
        OutputCheck.folder("The folder", out);
        try (Backend backend = backends.open(session)) {
            ExperimentPlan plan =
                    new ExperimentPlan(studies.stream().map(Study::experiment).toList(), options.settings(), images());
            ObjectNode configuration = plan.configuration(backend);
            ExperimentFolder folder = ExperimentFolder.open(out, configuration);
            try (ExperimentRunner runner =
                    new ExperimentRunner(backend, plan, new RunArchive(folder.runs(), session::warning))) {
                return StopSignal.during(() -> run(runner, studies, plan, folder, backend), runner::requestStop);
            }
        }
    }

    private List<Study> studies() {
        if (name.equalsIgnoreCase("all")) {
            return Studies.ARTICLE;
        }
        return List.of(Studies.named(name)
                .orElseThrow(() -> new UsageException("The experiment is \"" + name + "\", but must be one of "
                        + String.join(", ", Studies.names()) + ", all.")));
    }

    private RunPlan.Images images() {
        RunPlan.Images images = split.divide(data.load(session), session);
        if (images.validation() == null) {
            throw new UsageException("--validation is 0, but an experiment needs images to validate on.");
        }
        return images;
    }

    private int run(
            ExperimentRunner runner,
            List<Study> studies,
            ExperimentPlan plan,
            ExperimentFolder folder,
            Backend backend) {
        Optional<Results> results = results(runner);
        if (results.isEmpty()) {
            session.notice("Interrupted. Finished runs are kept in " + folder.runs()
                    + "; the same command goes on from there.");
            return ExitCode.INTERRUPTED;
        }
        Report report = Report.of(studies, plan, results.get(), backend);
        ReportFiles.write(report, folder);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("report", folder.report().toString());
        ObjectNode verdicts = json.putObject("verdicts");
        report.chapters().forEach(chapter -> verdicts.put(chapter.experiment().id(), chapter.verdict()));
        String text = report.chapters().stream()
                .map(chapter -> chapter.experiment().title() + ": " + chapter.verdict())
                .collect(Collectors.joining("\n"));
        session.result(text + "\nReport: " + folder.report(), json);
        return ExitCode.DONE;
    }

    private Optional<Results> results(ExperimentRunner runner) {
        if (session.common().quiet()) {
            return runner.run(ExperimentRunner.ProgressListener.SILENT);
        }
        try (ExperimentProgress progress = new ExperimentProgress(session.terminal())) {
            return runner.run(progress);
        }
    }
}
