package bpnn.bench.compare;

import bpnn.bench.FmaPeak;
import bpnn.bench.Variant;
import bpnn.bench.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures what the tables of the CPU in docs/performance.md show, and prints it as Markdown on standard output. What is going on goes to standard
 * error.
 */
public final class Comparison {
    private static final int BATCH = 128;
    private static final int SMALL_BATCH = 32;
    private static final int LARGE_BATCH = 512;
    private static final String SCALAR = "scalar";
    private static final List<String> WIDTHS = List.of("512", "256", "128", SCALAR);
    /** Scalar code is slow: an epoch of fewer images says as much. */
    private static final int SCALAR_IMAGES = 6_000;

    private final Settings settings;
    private final FmaPeak peak;
    private final Table table = new Table();
    private final List<Double> peaks = new ArrayList<>();
    private final Set<String> computers = new LinkedHashSet<>();
    private final Goals goals = Goals.of(FmaPeak.width());
    private @Nullable Samples plainEpoch;
    private @Nullable Yardstick pyTorch;
    private @Nullable Yardstick libtorch;
    private @Nullable Yardstick dl4j;

    private Comparison(Settings settings) {
        this.settings = settings;
        this.peak = new FmaPeak(settings.threads());
    }

    /** Options: see {@link Settings}. */
    public static void main(String[] arguments) throws IOException {
        Settings settings;
        try {
            settings = Settings.parse(
                    List.of(arguments),
                    Path.of(System.getProperty("bpnn.home", ".")).toAbsolutePath());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Files.createDirectories(settings.work());
        System.out.println(new Comparison(settings).table());
    }

    private String table() {
        Workload usual = workload(Variant.PLAIN, BATCH, settings.threads());
        table.measure("fma peak", this::peaks);
        choosePyTorch(usual);
        if (settings.yardsticks()) {
            chooseYardsticks(usual);
        }
        for (Variant variant : Variant.values()) {
            table.measure("epochs of " + variant, () -> epochs(variant));
        }
        table.measure("epochs at batch 32", () -> batch(SMALL_BATCH, goals.small(), goals.pyTorchSmall(), 3.0));
        table.measure("epochs at batch 512", () -> batch(LARGE_BATCH, goals.large(), Goals.PYTORCH_LARGE, 2.5));
        table.measure("one thread", this::threads);
        table.measure(
                "products", () -> ProductShares.measure(BATCH, settings.threads(), goals.product(), settings.work()));
        LauncherRuns launcher = new LauncherRuns(settings.root(), settings.dataOptions(), settings.work());
        table.measure("start-up", () -> LauncherFigures.startUp(launcher, settings.rounds(), plainEpoch));
        table.measure("default run", () -> LauncherFigures.memory(launcher));
        table.measure("widths", this::widths);
        return header() + "\n\n" + table.markdown();
    }

    /** The peak again, by a C program where there is a compiler. */
    private List<Row> peaks() {
        double found = NativePeak.measure(settings.root(), settings.threads(), FmaPeak.width(), settings.work());
        return List.of(Row.figure(
                "fma peak by a C program, and as measured for the shares",
                String.format(Locale.ROOT, "%.0f and %.0f GFLOP/s", found, peak.gflops())));
    }

    /** PyTorch takes part if there is a Python with it, and files with images that it can read. */
    private void choosePyTorch(Workload workload) {
        if (!Files.isExecutable(settings.python())) {
            System.err.println("PyTorch is left out: there is no " + settings.python()
                    + ". docs/performance.md says how to install it.");
        } else if (settings.images().equals(Workload.SYNTHETIC)) {
            System.err.println("PyTorch is left out: it needs a folder with MNIST; name one with --data-dir.");
        } else {
            table.measure("PyTorch", () -> {
                Yardstick found = Yardstick.pyTorch(settings.root(), settings.python(), FmaPeak.width());
                pyTorch = LibraryChoice.fastestMode(found, workload, peak, settings.work());
                return List.of(environment(pyTorch));
            });
        }
    }

    /** A library takes part if it runs here at all, and in the environment that suits it best. */
    private void chooseYardsticks(Workload workload) {
        table.measure("libtorch", () -> {
            libtorch = LibraryChoice.fastest(Yardstick.libtorch(settings.root()), workload, peak, settings.work());
            return List.of(environment(libtorch));
        });
        table.measure("DL4J", () -> {
            dl4j = LibraryChoice.faster(Yardstick.dl4j(settings.root()), workload, peak, settings.work());
            return List.of(environment(dl4j));
        });
    }

    private static Row environment(Yardstick yardstick) {
        return Row.figure(
                yardstick.name() + " was fastest with",
                yardstick.environment() + (yardstick.command().contains("--compile") ? ", compiled" : ""));
    }

    private String header() {
        return String.format(
                Locale.ROOT,
                "%s. %s. Fma peak of %d threads: %s GFLOP/s, with vectors of %d bits. Data: %s, %,d images an epoch; medians"
                        + " of %d alternating rounds, with least and greatest.",
                String.join("; ", computers),
                Machine.description(),
                settings.threads(),
                new Samples(peaks).text("%.0f"),
                FmaPeak.width(),
                settings.images().equals(Workload.SYNTHETIC) ? "synthetic digits" : "MNIST",
                settings.count(),
                settings.rounds());
    }

    private Workload workload(Variant variant, int batch, int threads) {
        return new Workload(variant, batch, threads, settings.count(), settings.images());
    }

    private InterleavedRun run(List<Contender> contenders) {
        InterleavedRun run = InterleavedRun.run(contenders, settings.rounds(), peak, settings.work());
        peaks.addAll(run.peaks());
        return run;
    }

    private InterleavedRun run(Workload workload, Stream<Yardstick> yardsticks) {
        List<Contender> contenders = new ArrayList<>(List.of(Contender.own(workload)));
        yardsticks.forEach(yardstick -> contenders.add(Contender.other(yardstick, workload)));
        InterleavedRun run = run(contenders);
        computers.addAll(run.descriptions());
        return run;
    }

    private List<Row> epochs(Variant variant) {
        Workload workload = workload(variant, BATCH, settings.threads());
        InterleavedRun run = run(workload, Stream.of(pyTorch, libtorch, dl4j).filter(Objects::nonNull));
        List<Row> rows = new ArrayList<>(leads(run));
        rows.add(Row.atLeast(goals.step(variant), " %", stepShare(workload), run.shareOfPeak(), "%.0f", ""));
        if (variant == Variant.PLAIN) {
            plainEpoch = run.seconds(0, settings.count());
            Samples kilobytes = run.allocatedByStep().map(bytes -> bytes / 1024);
            rows.add(Row.atMost(5, " KB", "heap allocated in a step after warm-up", kilobytes, "%.1f", ""));
        }
        return rows;
    }

    private List<Row> batch(int batch, double share, double leadOverPyTorch, double leadOverLibtorch) {
        Workload workload = workload(Variant.PLAIN, batch, settings.threads());
        Stream<Yardstick> yardsticks = Stream.concat(
                Stream.ofNullable(pyTorch).map(yardstick -> yardstick.lead(leadOverPyTorch)),
                Stream.ofNullable(libtorch).map(yardstick -> yardstick.lead(leadOverLibtorch)));
        InterleavedRun run = run(workload, yardsticks);
        List<Row> rows = new ArrayList<>(leads(run));
        rows.add(Row.atLeast(share, " %", stepShare(workload), run.shareOfPeak(), "%.0f", ""));
        return rows;
    }

    private static String stepShare(Workload workload) {
        return "whole step at batch " + workload.batch() + ", " + workload.variant() + ", share of the fma peak";
    }

    /** The leads over all others, and everybody's seconds. */
    private List<Row> leads(InterleavedRun run) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < run.contenders().size(); i++) {
            Contender contender = run.contenders().get(i);
            String training = epochOf(contender.workload());
            if (i > 0) {
                String what = training + ": " + contender.name() + "'s time / ours";
                rows.add(Row.atLeast(contender.lead(), "", what, run.lead(i), "%.1f", ""));
            }
            rows.add(Row.figure(training + ", " + contender.name(), seconds(run, i)));
        }
        return rows;
    }

    private static String epochOf(Workload workload) {
        return "an epoch, batch " + workload.batch() + ", " + workload.variant();
    }

    /** A contender's seconds for an epoch of all images. */
    private String seconds(InterleavedRun run, int contender) {
        int images = run.contenders().get(contender).workload().count();
        String scaled = images == settings.count()
                ? ""
                : String.format(Locale.ROOT, ", measured with %,d images and scaled", images);
        return run.seconds(contender, settings.count()).text("%.2f") + " s" + scaled;
    }

    private List<Row> threads() {
        InterleavedRun run = run(List.of(
                Contender.own(workload(Variant.PLAIN, BATCH, settings.threads())),
                Contender.own(workload(Variant.PLAIN, BATCH, 1))));
        return List.of(Row.atLeast(1.8, "", settings.threads() + " threads against one", run.lead(1), "%.2f", ""));
    }

    /** The program with shorter vectors; but with as many registers as this processor has. */
    private List<Row> widths() {
        Workload workload = workload(Variant.PLAIN, BATCH, settings.threads());
        List<Contender> contenders = new ArrayList<>();
        List<String> widths = WIDTHS.stream()
                .filter(width -> width.equals(SCALAR) || Integer.parseInt(width) <= FmaPeak.width())
                .toList();
        for (String width : widths) {
            boolean scalar = width.equals(SCALAR);
            Workload part = scalar ? workload.withCount(Math.min(SCALAR_IMAGES, settings.count())) : workload;
            contenders.add(Contender.own(part, "-Dbpnn.cpu.width=" + width));
        }
        InterleavedRun run = run(contenders);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            String width = widths.get(i).equals(SCALAR) ? "scalar code" : "vectors of " + widths.get(i) + " bits";
            rows.add(Row.figure(epochOf(workload) + ", " + width, seconds(run, i)));
        }
        return rows;
    }
}
