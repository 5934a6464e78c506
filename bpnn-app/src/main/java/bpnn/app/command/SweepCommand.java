package bpnn.app.command;

import bpnn.app.config.SweepFile;
import bpnn.app.option.BackendOptions;
import bpnn.app.option.ClusterOptions;
import bpnn.app.option.ComputeOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.KeptWeights;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.Range;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.backend.Selection;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.Word;
import bpnn.lab.experiment.ExperimentFolder;
import bpnn.lab.sweep.RunOutcome;
import bpnn.lab.sweep.SweepPlan;
import bpnn.lab.sweep.SweepResults;
import bpnn.lab.sweep.Trial;
import bpnn.lab.sweep.TrialResult;
import bpnn.lab.work.LocalEngine;
import bpnn.lab.work.WorkEngine;
import bpnn.report.SweepPage;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Trains many configurations over several seeds, and ranks them by the validation images. */
@Command(
        name = "sweep",
        sortOptions = false,
        description = {
            "Trains every point of a grid, a list, or draws from a space of options, over several seeds, and ranks them by their"
                    + " accuracy on the validation images; the test images choose nothing.",
            "An interrupted sweep goes on when the same command is given again; finished runs are kept."
        })
public final class SweepCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");
    private static final int MOST_PARALLEL = 256;
    private static final int SHOWN = 20;

    /** What the command decides, or what makes no sense in a run of many. */
    private static final Set<String> NOT_SWEPT = Set.of(
            "backend",
            "json",
            "members",
            "numerics",
            "out",
            "plugins",
            "quiet",
            "recipe",
            "resume",
            "seed",
            "sign",
            "tensorboard",
            "tf32",
            "threads",
            "trace",
            "trace-states",
            "verbose");

    private final Session session;

    @Parameters(paramLabel = "FILE", description = "What to train, in YAML; see docs/sweeps.md.")
    private Path file = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of runs, results and page (default: runs/sweep-<name of the file>).")
    private @Nullable Path out;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Runs at once, which share the threads: faster where networks are small; bits stay the same (default:"
                            + " ${DEFAULT-VALUE}).")
    private int parallel;

    @Option(
            names = "--keep",
            paramLabel = "all|best|none",
            defaultValue = "best",
            description = "Whose weights to keep: of all runs, of those of the best trial, or of none (default:"
                    + " ${DEFAULT-VALUE}).")
    private KeptWeights keep = KeptWeights.BEST;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    public SweepCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Range.within("--parallel", parallel, 1, MOST_PARALLEL);
        cluster.check();
        if (cluster.isAsked() && parallel > 1) {
            throw new UsageException(
                    "--parallel is for runs in this process; with --spark, the cluster decides how many"
                            + " there are at once, and local[" + parallel + "] has so many here.");
        }
        SweepPlan plan = SweepFile.read(file, sweepable());
        check(plan);
        Path folder = out == null ? RUNS.resolve("sweep-" + stem()) : out;
        OutputCheck.folder("The folder", folder);
        try (WorkEngine engine = cluster.isAsked() ? onCluster(plan) : here()) {
            ExperimentFolder.claim(folder, "sweep.json", plan.toJson());
            SweepJob job = new SweepJob(session, plan, folder, keep);
            boolean whole = StopSignal.during(() -> job.execute(engine), engine::requestStop);
            if (!whole) {
                session.notice(
                        "Interrupted. Finished runs are kept in " + folder + "; the same command goes on from there.");
                return ExitCode.INTERRUPTED;
            }
            return finish(plan, job.results(), folder);
        }
    }

    private WorkEngine here() {
        Selection selection = backends.select(session);
        ComputeOptions compute = backends.compute();
        compute.announce(session, selection);
        int share = Math.max(1, compute.threads() / parallel);
        Supplier<Backend> backend =
                () -> parallel == 1 ? compute.open(session.silent(), selection) : compute.openShare(selection, share);
        ImageCache images = ImageCache.loading();
        return new LocalEngine(parallel, () -> new SweepHandler(session, backend.get(), images, keep));
    }

    private WorkEngine onCluster(SweepPlan plan) {
        ClusterSubmission submission = new ClusterSubmission(session, cluster, backends);
        submission.settings().put(SweepWorker.KEEP, Word.of(keep));
        Set<String> known = new HashSet<>();
        for (Trial trial : plan.trials()) {
            Map<String, String> options = plan.options(trial, plan.seeds().get(0), 0);
            String key = ImageSource.key(options);
            if (known.add(key)) {
                submission.add(
                        key, () -> RecordedOptions.parse(session, options).images());
            }
        }
        ImageCache images = ImageCache.loading();
        return submission.open(
                "sweep " + stem(),
                SweepWorker.ID,
                () -> new SweepHandler(session, backends.open(session.silent()), images, keep));
    }

    private String stem() {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }

    /** The options of train that a point can set. */
    private Set<String> sweepable() {
        Set<String> names = new HashSet<>();
        new CommandLine(new TrainCommand(session))
                .getCommandSpec().options().stream()
                        .filter(EffectiveOptions::isSetting)
                        .map(EffectiveOptions::name)
                        .filter(name -> !NOT_SWEPT.contains(name))
                        .forEach(names::add);
        return names;
    }

    /** Tries each value once, so that a slip of the pen in the last point is noticed before the first run. */
    private void check(SweepPlan plan) {
        Set<String> tried = new HashSet<>();
        for (Trial trial : plan.trials()) {
            for (Map.Entry<String, String> option : trial.options().entrySet()) {
                if (tried.add(option.toString())) {
                    parse(plan, option.getKey(), option.getValue());
                }
            }
        }
    }

    private void parse(SweepPlan plan, String name, String value) {
        Map<String, String> options = new TreeMap<>(plan.options());
        options.put(name, value);
        try {
            RecordedOptions.parse(session.silent(), options).check();
        } catch (ParameterException | UsageException e) {
            throw new UsageException(file + " cannot be carried out: "
                    + String.valueOf(e.getMessage()).replaceFirst("\\.$", "") + ".");
        }
    }

    private int finish(SweepPlan plan, SweepResults results, Path folder) {
        List<TrialResult> ranking = results.ranking();
        AtomicFile.write(folder.resolve("report.html"), SweepPage.of(stem(), plan, ranking));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("runs", plan.runs())
                .put("report", folder.resolve("report.html").toString());
        if (!ranking.get(0).isSound()) {
            RunOutcome bad = ranking.get(0).runs().stream()
                    .filter(run -> !run.isDone())
                    .findFirst()
                    .orElseThrow();
            session.result(results.table(SHOWN) + "No trial came to its end; the first: " + bad.reason(), json);
            return bad.status().equals("diverged") ? ExitCode.DIVERGED : ExitCode.USAGE;
        }
        TrialResult best = ranking.get(0);
        AtomicFile.write(folder.resolve("best.yaml"), yaml(plan, best));
        json.put("best", best.trial().number())
                .put("validationAccuracy", best.accuracy().mean());
        ObjectNode chosen = json.putObject("options");
        best.trial().options().forEach(chosen::put);
        session.result(
                results.table(SHOWN)
                        + (ranking.size() > SHOWN ? "... " + (ranking.size() - SHOWN) + " more in results.csv\n" : "")
                        + "Ranked by the validation images; the test images chose nothing.\nBest: "
                        + best.trial().name() + ", to be trained with: ./bpnn train --config "
                        + folder.resolve("best.yaml") + "\nPage: " + folder.resolve("report.html"),
                json);
        return ExitCode.DONE;
    }

    private static String yaml(SweepPlan plan, TrialResult best) {
        Map<String, String> options = new TreeMap<>(plan.options());
        options.putAll(best.trial().options());
        Integer epochs = plan.halving().epochs(best.rung());
        if (epochs != null) {
            options.put("epochs", String.valueOf(epochs));
        }
        StringBuilder text = new StringBuilder(
                "# " + best.trial().name() + ", the best of " + plan.trials().size() + " by the validation images\n");
        options.forEach((name, value) -> text.append(name)
                .append(": ")
                .append(JsonNodeFactory.instance.textNode(value))
                .append('\n'));
        return text.append("seed: ").append(plan.seeds().get(0)).append('\n').toString();
    }
}
