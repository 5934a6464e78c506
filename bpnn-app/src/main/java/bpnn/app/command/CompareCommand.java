package bpnn.app.command;

import bpnn.app.option.ComputeOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.PlanOptions;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.backend.BackendCatalogue;
import bpnn.backend.IsolatedCall;
import bpnn.backend.Selection;
import bpnn.lab.comparison.BackendTraining;
import bpnn.lab.comparison.ComparedRun;
import bpnn.lab.comparison.Comparison;
import bpnn.lab.comparison.ComparisonFiles;
import bpnn.lab.comparison.ComparisonJson;
import bpnn.lab.comparison.ComparisonText;
import bpnn.lab.comparison.FinishedRun;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.spi.Backend;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains one configuration on several backends, or takes two finished runs, and says how far they are apart. */
@Command(
        name = "compare",
        sortOptions = false,
        description = {
            "Trains the same configuration on several backends (same initial weights, batches and dropout masks), or takes"
                    + " two finished runs, and reports how far apart they are: losses, weights, accuracies, time.",
            "With --backends, --out receives a run folder for each, and comparison.txt, .json, .png and .html."
        },
        exitCodeListHeading = "%nExit codes beside those of every command:%n",
        exitCodeList = {"0:all agree with the first", "1:one does not"})
public final class CompareCommand implements Callable<Integer> {
    /** A training does not agree with the first. */
    static final int DIFFERENT = 1;

    private static final Path RUNS = Path.of("runs");
    private static final int MOST_BACKENDS = 5;

    private final Session session;

    @Parameters(paramLabel = "RUN", arity = "0..2", description = "Two run folders to compare, instead of --backends.")
    private List<Path> runs = new ArrayList<>();

    @Option(
            names = "--backends",
            paramLabel = "ID,ID",
            split = ",",
            description = "Backends to train on, one after the other; all are compared with the first.")
    private List<String> backends = new ArrayList<>();

    @Option(
            names = "--threshold",
            paramLabel = "X",
            defaultValue = "1e-3",
            description =
                    "Trainings have diverged when their losses differ by more than this share of their size (default:"
                            + " ${DEFAULT-VALUE}).")
    private double threshold;

    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Mixin
    private final ComputeOptions compute = new ComputeOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private volatile @Nullable TrainingRun current;

    public CompareCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!(threshold > 0)) {
            throw new UsageException("--threshold is " + threshold + ", but must be a positive number.");
        }
        if (!runs.isEmpty() && !backends.isEmpty()) {
            throw new UsageException("Either run folders or --backends can be compared, not both.");
        }
        if (!backends.isEmpty()) {
            return train();
        }
        if (runs.size() != 2) {
            throw new UsageException("There is nothing to compare: name two run folders, or --backends cpu,nd4j.");
        }
        FinishedRun first = FinishedRun.read(runs.get(0), "A");
        FinishedRun second = FinishedRun.read(runs.get(1), "B");
        Comparison comparison = first.compare(second, threshold);
        options.training().out().ifPresent(out -> RunFolder.at(out));
        return finish(options.training().out().orElse(null), first.run(), List.of(comparison));
    }

    private int train() {
        check();
        BackendCatalogue catalogue = compute.catalogue(session);
        List<Selection> selections = new ArrayList<>();
        backends.forEach(id -> selections.add(catalogue.select(id.toLowerCase(Locale.ROOT))));
        RunPlan plan = options.plan(session)
                .loggingSteps(Math.max(1, options.training().logSteps()));
        Path folder = options.training()
                .out()
                .map(RunFolder::at)
                .orElseGet(() -> RunFolder.create(RUNS, "compare", LocalDateTime.now(ZoneId.systemDefault())))
                .path();
        return StopSignal.during(() -> train(selections, plan, folder), this::requestStop);
    }

    private void check() {
        if (backends.size() < 2 || backends.size() > MOST_BACKENDS) {
            throw new UsageException(
                    "--backends names " + backends.size() + ", but must name 2 to " + MOST_BACKENDS + ".");
        }
        if (options.training().resume() || options.training().tensorBoard() != null) {
            throw new UsageException("--resume and --tensorboard belong to train; compare trains from the beginning.");
        }
        options.check();
        compute.check();
        OutputCheck.folder("The folder", options.training().out().orElse(RUNS));
        options.training().out().ifPresent(out -> names().forEach(name -> RunFolder.checkFree(out.resolve(name))));
    }

    /** The backends' ids, with a number behind those that were named before. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (String id : backends) {
            String name = id.toLowerCase(Locale.ROOT);
            for (int number = 2; names.contains(name); number++) {
                name = id.toLowerCase(Locale.ROOT) + "-" + number;
            }
            names.add(name);
        }
        return names;
    }

    private int train(List<Selection> selections, RunPlan plan, Path folder) {
        List<String> names = names();
        List<BackendTraining> trainings = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Selection selection = selections.get(i);
            RunFolder own = RunFolder.at(folder.resolve(names.get(i)));
            BackendTraining reference = trainings.isEmpty() ? null : trainings.get(0);
            String name = names.get(i);
            Trained trained = apart(name, () -> train(name, selection, plan, own, reference));
            if (trained.exitCode() != ExitCode.DONE) {
                return trained.exitCode();
            }
            trainings.add(trained.training());
        }
        return finish(
                folder,
                trainings.get(0).result(),
                trainings.stream()
                        .skip(1)
                        .map(training -> training.compare(threshold))
                        .toList());
    }

    /** A training, or the exit code of one that stopped early. */
    private record Trained(int exitCode, BackendTraining training) {}

    /** In a thread of its own, so that a native library which changes the floating-point mode harms no other backend. */
    private <T> T apart(String name, Supplier<T> work) {
        IsolatedCall<T> outcome = IsolatedCall.run(name, work);
        if (!outcome.keepsSubnormals()) {
            session.warning(
                    "Backend " + name + " made its thread flush subnormals to zero, in Java too: a native library"
                            + " changed the floating-point mode. The other backends ran in threads of their own.");
        }
        return outcome.value();
    }

    private Trained train(
            String name, Selection selection, RunPlan plan, RunFolder folder, @Nullable BackendTraining reference) {
        try (Backend backend = compute.open(session, selection);
                TrainingRun run = new TrainingRun(backend, plan)) {
            current = run;
            BackendTraining training = new BackendTraining(name, backend, plan, run, reference);
            TrainingJob job = new TrainingJob(
                    session.withoutResults(), run, plan, folder, backend, trainOptions(selection, folder), null);
            job.watch(training);
            int exitCode = job.execute();
            training.finish();
            return new Trained(exitCode, training);
        } finally {
            current = null;
        }
    }

    /** What {@code train} would have been given, so that {@code reproduce} can repeat the run. */
    private Map<String, String> trainOptions(Selection selection, RunFolder folder) {
        Map<String, String> train = new LinkedHashMap<>(EffectiveOptions.of(spec));
        List.of("backends", "threshold").forEach(train::remove);
        train.put("backend", selection.entry().id());
        train.put("out", folder.path().toString());
        return train;
    }

    private void requestStop() {
        TrainingRun run = current;
        if (run != null) {
            run.requestStop();
        }
    }

    private int finish(@Nullable Path folder, ComparedRun reference, List<Comparison> comparisons) {
        if (folder != null) {
            ComparisonFiles.write(folder, reference, comparisons);
            session.notice("Written to " + folder + ": comparison.txt, .json, .png and .html.");
        }
        session.result(
                new ComparisonText(reference, comparisons).text(), ComparisonJson.of(reference, comparisons, false));
        return comparisons.stream().allMatch(Comparison::isGood) ? ExitCode.DONE : DIFFERENT;
    }
}
