package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.ClusterOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.ExperimentOptions;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.SplitOptions;
import bpnn.app.option.UsageException;
import bpnn.app.option.WatchOption;
import bpnn.app.progress.ExperimentProgress;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.lab.experiment.ExperimentFolder;
import bpnn.lab.experiment.ExperimentPlan;
import bpnn.lab.experiment.ExperimentRunner;
import bpnn.lab.experiment.Results;
import bpnn.lab.experiment.RunArchive;
import bpnn.lab.experiment.TaskHandler;
import bpnn.lab.run.RunPlan;
import bpnn.lab.work.Computer;
import bpnn.lab.work.LocalEngine;
import bpnn.lab.work.WorkEngine;
import bpnn.report.Report;
import bpnn.report.ReportFiles;
import bpnn.report.Study;
import bpnn.report.study.Studies;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
    private final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private final WatchOption watch = new WatchOption();

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
        cluster.check();
        watch.check();
        if (cluster.isAsked() && watch.port().isPresent()) {
            throw new UsageException("--watch shows what this program trains, but with --spark others do; leave one of"
                    + " the two out.");
        }
        Path out = options.out().orElseGet(() -> RUNS.resolve("experiment-" + name.toLowerCase(Locale.ROOT)));
        OutputCheck.folder("The folder", out);
        return cluster.isAsked() ? onCluster(studies, out) : here(studies, out);
    }

    private int here(List<Study> studies, Path out) {
        try (Backend backend = backends.open(session)) {
            ExperimentPlan plan = plan(studies, images());
            Computer computer = Computer.of(backend);
            ExperimentFolder folder = ExperimentFolder.open(out, plan.configuration(computer));
            try (Watching watching = Watching.open(session, watch, plan.images())) {
                return withProgress(progress -> {
                    WatchedExperiment seen = new WatchedExperiment(progress, plan, watching);
                    try (WorkEngine engine = new LocalEngine(1, () -> new TaskHandler(backend, plan, seen))) {
                        return run(engine, seen, studies, plan, folder, computer);
                    }
                });
            }
        }
    }

    private int onCluster(List<Study> studies, Path out) {
        RunPlan.Images images = images();
        ExperimentPlan plan = plan(studies, images);
        ClusterSubmission submission = new ClusterSubmission(session, cluster, backends);
        ObjectNode settings = submission.settings();
        studies.forEach(study -> settings.withArray(ExperimentWorker.STUDIES)
                .add(study.experiment().id()));
        settings.set(ExperimentWorker.SETTINGS, new ObjectMapper().valueToTree(plan.settings()));
        ObjectNode chosen = settings.putObject(ExperimentWorker.OPTIONS);
        for (Object part : List.of(data, split)) {
            EffectiveOptions.of(CommandSpec.forAnnotatedObject(part)).forEach(chosen::put);
        }
        submission.add(ExperimentWorker.DATA, () -> images);
        try (WorkEngine engine = submission.open(
                "experiment " + name,
                ExperimentWorker.ID,
                () -> new ExperimentWorker.Handler(backends.open(session.silent()), plan))) {
            Optional<Computer> computer = probe(engine);
            if (computer.isEmpty()) {
                return ExitCode.INTERRUPTED;
            }
            ExperimentFolder folder = ExperimentFolder.open(out, plan.configuration(computer.get()));
            return withProgress(progress -> run(engine, progress, studies, plan, folder, computer.get()));
        }
    }

    /** What a worker computes with, by which the folder of the runs is claimed. */
    private static Optional<Computer> probe(WorkEngine engine) {
        List<Computer> found = new ArrayList<>();
        engine.run(
                null,
                List.of(TaskHandler.PROBE),
                result -> found.add(result.outcome().computer()));
        return found.stream().findFirst();
    }

    private ExperimentPlan plan(List<Study> studies, RunPlan.Images images) {
        return new ExperimentPlan(studies.stream().map(Study::experiment).toList(), options.settings(), images);
    }

    private int withProgress(ToIntFunction<ExperimentRunner.ProgressListener> work) {
        if (session.common().quiet()) {
            return work.applyAsInt(ExperimentRunner.ProgressListener.SILENT);
        }
        try (ExperimentProgress progress = new ExperimentProgress(session.terminal())) {
            return work.applyAsInt(progress);
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
            WorkEngine engine,
            ExperimentRunner.ProgressListener progress,
            List<Study> studies,
            ExperimentPlan plan,
            ExperimentFolder folder,
            Computer computer) {
        ExperimentRunner runner = new ExperimentRunner(plan, folder, new RunArchive(folder.runs(), session::warning));
        Optional<Results> results = StopSignal.during(() -> runner.run(engine, progress), engine::requestStop);
        if (results.isEmpty()) {
            session.notice("Interrupted. Finished runs are kept in " + folder.runs()
                    + "; the same command goes on from there.");
            return ExitCode.INTERRUPTED;
        }
        Report report = Report.of(studies, plan, results.get(), computer);
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
}
