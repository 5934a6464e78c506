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
    private static final List<String> WIDTHS = List.of("512", "256", "128", "scalar");
    /** Scalar code is slow: an epoch of fewer images says as much. */
    private static final int SCALAR_IMAGES = 6_000;

    private final Settings settings;
    private final FmaPeak peak;
    private final Table table = new Table();
    private final List<Double> peaks = new ArrayList<>();
    private final Set<String> computers = new LinkedHashSet<>();
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
        if (settings.yardsticks()) {
            chooseYardsticks(workload(Variant.PLAIN, BATCH, settings.threads()));
        }
        for (Variant variant : Variant.values()) {
            table.measure("epochs of " + variant, () -> epochs(variant));
        }
        table.measure("epochs at batch 32", () -> batch(SMALL_BATCH, 3.0));
        table.measure("epochs at batch 512", () -> batch(LARGE_BATCH, 2.5));
        table.measure("one thread", this::threads);
        table.measure("products", () -> ProductShares.measure(BATCH, settings.threads(), settings.work()));
        LauncherRuns launcher = new LauncherRuns(settings.root(), settings.dataOptions(), settings.work());
        table.measure("start-up", () -> LauncherFigures.startUp(launcher, settings.rounds()));
        table.measure("default run", () -> LauncherFigures.memory(launcher));
        table.measure("widths", this::widths);
        return header() + "\n\n" + table.markdown();
    }

    /** A library takes part if it runs here at all, and in the environment that suits it best. */
    private void chooseYardsticks(Workload workload) {
        table.measure("libtorch", () -> {
            libtorch = OpenBlasChoice.fastest(Yardstick.libtorch(settings.root()), workload, peak, settings.work());
            return List.of(environment(libtorch));
        });
        table.measure("DL4J", () -> {
            dl4j = OpenBlasChoice.faster(Yardstick.dl4j(settings.root()), workload, peak, settings.work());
            return List.of(environment(dl4j));
        });
    }

    private static Row environment(Yardstick yardstick) {
        return Row.figure(
                yardstick.name() + " was fastest with", yardstick.environment().toString());
    }

    private String header() {
        return String.format(
                Locale.ROOT,
                "%s. Fma peak of %d threads: %s GFLOP/s, with vectors of %d bits. Data: %s, %,d images an epoch; medians"
                        + " of %d alternating rounds, with least and greatest.",
                String.join("; ", computers),
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
        InterleavedRun run = run(workload, Stream.of(libtorch, dl4j).filter(Objects::nonNull));
        List<Row> rows = new ArrayList<>(leads(run));
        if (variant == Variant.PLAIN) {
            rows.add(Row.atLeast(70, " %", stepShare(workload), run.shareOfPeak(), "%.0f", ""));
            Samples kilobytes = run.allocatedByStep().map(bytes -> bytes / 1024);
            rows.add(Row.atMost(10, " KB", "heap allocated in a step after warm-up", kilobytes, "%.1f", ""));
        } else {
            rows.add(Row.figure(stepShare(workload), run.shareOfPeak().text("%.0f") + " %"));
        }
        return rows;
    }

    private List<Row> batch(int batch, double goal) {
        Workload workload = workload(Variant.PLAIN, batch, settings.threads());
        InterleavedRun run = run(workload, Stream.ofNullable(libtorch).map(yardstick -> yardstick.lead(goal)));
        List<Row> rows = new ArrayList<>(leads(run));
        rows.add(Row.figure(stepShare(workload), run.shareOfPeak().text("%.0f") + " %"));
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

    /** The program with narrower vectors than this processor's, as on one that has no others. */
    private List<Row> widths() {
        Workload workload = workload(Variant.PLAIN, BATCH, settings.threads());
        List<Contender> contenders = new ArrayList<>();
        for (String width : WIDTHS) {
            boolean scalar = width.equals("scalar");
            Workload part = scalar ? workload.withCount(Math.min(SCALAR_IMAGES, settings.count())) : workload;
            contenders.add(Contender.own(part, "-Dbpnn.cpu.width=" + width));
        }
        InterleavedRun run = run(contenders);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            String width = WIDTHS.get(i).equals("scalar") ? "scalar code" : "vectors of " + WIDTHS.get(i) + " bits";
            rows.add(Row.figure(epochOf(workload) + ", " + width, seconds(run, i)));
        }
        return rows;
    }
}
