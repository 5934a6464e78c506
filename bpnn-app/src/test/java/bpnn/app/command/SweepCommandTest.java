package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepCommandTest {
    private static final String GRID = """
            grid:
              hidden: ["4", "6,5"]
              learning-rate: [0.0005, 0.01]
            seeds: 2
            """;

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(
                folder.resolve("sweep.yaml"),
                "options: {dataset: " + TinyData.in(folder) + ", epochs: 2, batch-size: 50, validation: 50}\n" + text);
    }

    private Cli sweep(String text, String out, Object... more) throws IOException {
        List<Object> arguments =
                new ArrayList<>(List.of("sweep", file(text), "--backend=cpu", "--out=" + folder.resolve(out)));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    /** Without what depends on the clock. */
    private String results(String out) throws IOException {
        return Files.readString(folder.resolve(out).resolve("results.csv"))
                .replaceAll(",[0-9.E-]+,(\"[^\"]*\"|[^,]*),\n", "\n");
    }

    @Test
    void aGridIsRanked() throws IOException {
        Cli cli = sweep(GRID, "out");
        Cli json = sweep(GRID, "out", "--json");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.out())
                .contains("rank  trial", "hidden  learning-rate  validation accuracy", "the test images chose nothing")
                .containsPattern("1  trial-00[24] .* 0.01  ");
        assertThat(cli.err()).contains("8 runs.", "run 8/8, trial-004-seed-2: validation accuracy ");
        assertThat(json.err()).contains("8 runs, of which 8 are finished and kept.");
        assertThat(json.json().at("/options/learning-rate").asText()).isEqualTo("0.01");
        assertThat(results("out").lines()).hasSize(9);
        assertThat(results("out"))
                .contains("1,1,4,0.0005,done,", "4,2,\"6,5\",0.01,done,")
                .doesNotContain("test");
        String page = Files.readString(folder.resolve("out/report.html"));
        assertThat(page)
                .contains("4 configurations with 2 seeds each", "learning-rate matters most", "validation error")
                .doesNotContain("src=\"http", "href=\"http");
    }

    /** What the sweep found is what train gives. */
    @Test
    void theBestPointCanBeTrained() throws IOException {
        Cli sweep = sweep(GRID, "out", "--json");
        int best = sweep.json().get("best").intValue();
        Path run = folder.resolve("out/runs/trial-00" + best + "-seed-1");

        Cli train = Cli.run(
                "train",
                "--config",
                folder.resolve("out/best.yaml"),
                "--backend=cpu",
                "--out",
                folder.resolve("again"),
                "--json");
        Cli reproduced = Cli.run("reproduce", run.resolve("run.json"), "--out", folder.resolve("reproduced"));

        String hash = train.json().get("weightsSha256").asText();
        assertThat(Files.readString(run.resolve("run.json"))).contains(hash);
        assertThat(reproduced.out()).as(reproduced.err()).startsWith("Same bits: " + hash);
    }

    @Test
    void runsInParallelGiveTheSameBits() throws IOException {
        sweep(GRID, "one");
        Cli three = sweep(GRID, "three", "--parallel=3", "--threads=2");

        assertThat(three.exitCode()).as(three.err()).isZero();
        assertThat(results("three")).isEqualTo(results("one"));
    }

    @ParameterizedTest
    @CsvSource({"all, 8", "best, 2", "none, 0"})
    void weightsAreKeptAsAsked(String keep, int models) throws IOException {
        sweep(GRID, "out", "--keep=" + keep);

        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            assertThat(files.filter(file -> file.endsWith("model.safetensors"))).hasSize(models);
        }
        assertThat(folder.resolve("out/runs/trial-001-seed-1/run.json")).exists();
    }

    /** Killed at several moments, and let go on in the end. */
    @Test
    void aKilledSweepEndsWithTheResultsOfOneThatWasNot() throws Exception {
        String text = GRID.replace("seeds: 2", "seeds: 3");
        Path file = file(text);
        Object[] killed = {"sweep", file, "--backend=cpu", "--out=" + folder.resolve("killed")};
        long begin = System.nanoTime();
        assertThat(Cli.start("sweep", file, "--backend=cpu", "--out=" + folder.resolve("whole"))
                        .waitFor())
                .isZero();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        for (int part = 4; part <= 8; part += 2) {
            Process process = Cli.start(killed);
            process.waitFor(millis * part / 10, TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
        }

        Cli resumed = Cli.run(killed);

        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(results("killed")).isEqualTo(results("whole"));
    }

    @Test
    void drawsAreTheSameForTheSameSeed() throws IOException {
        String space = """
                space:
                  learning-rate: {log-uniform: [0.0001, 0.1]}
                  dropout: {uniform: [0, 0.5]}
                  hidden: [4, 5]
                """;
        sweep("draws: 3\n" + space, "three");
        sweep("draws: 4\n" + space, "four");
        sweep("draws: 3\ndraw-seed: 2\n" + space, "other");

        assertThat(results("four")).startsWith(results("three"));
        assertThat(results("other")).isNotEqualTo(results("three"));
        assertThat(results("three").lines().skip(1)).hasSize(3).allSatisfy(line -> {
            String[] cells = line.split(",");
            assertThat(Double.parseDouble(cells[2])).isBetween(0.0, 0.5);
            assertThat(cells[3]).isIn("4", "5");
            assertThat(Double.parseDouble(cells[4])).isBetween(0.0001, 0.1);
        });
    }

    /** Six points for an epoch, two for three, one for five; the same whatever is trained at once, and after a stop. */
    @Test
    void successiveHalving() throws IOException {
        String text = """
                grid:
                  learning-rate: [0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03]
                seeds: 2
                halving: {from: 1, to: 5, factor: 3}
                """;
        Path file = Files.writeString(
                folder.resolve("halving.yaml"),
                "options: {dataset: " + TinyData.in(folder) + ", hidden: 6, batch-size: 50, validation: 50}\n" + text);
        Cli cli = Cli.run("sweep", file, "--backend=cpu", "--out=" + folder.resolve("out"), "--keep=best");
        Cli parallel = Cli.run("sweep", file, "--backend=cpu", "--out=" + folder.resolve("parallel"), "--parallel=3");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.err()).contains("18 runs.", "run 18/18, ", "trial-001-seed-1-epochs-1: validation accuracy ");
        assertThat(cli.out()).containsPattern("1  trial-00\\d .* 5  ").containsPattern("2  trial-00\\d .* 3  ");
        assertThat(results("out").lines().skip(1).map(line -> line.replaceFirst("^(\\d+,){2}[0-9.]+,(\\d+),.*", "$2")))
                .filteredOn("5"::equals)
                .hasSize(2);
        assertThat(results("parallel")).isEqualTo(results("out"));
        assertThat(Files.readString(folder.resolve("out/best.yaml"))).contains("epochs: \"5\"");
        // The three with the lowest loss after an epoch would be others if the worst went on.
        List<String> second = results("out")
                .lines()
                .skip(1)
                .map(line -> line.split(","))
                .filter(cells -> cells[3].equals("3"))
                .map(cells -> cells[0])
                .distinct()
                .toList();
        List<String> best = results("out")
                .lines()
                .skip(1)
                .map(line -> line.split(","))
                .filter(cells -> cells[3].equals("1"))
                .collect(Collectors.groupingBy(
                        cells -> cells[0], Collectors.averagingDouble(cells -> Double.parseDouble(cells[6]))))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(2)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        assertThat(second).isEqualTo(best);
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            assertThat(files.filter(each -> each.endsWith("model.safetensors"))).hasSize(2);
        }
        Files.delete(folder.resolve("out/results.csv"));
        Cli again = Cli.run("sweep", file, "--backend=cpu", "--out=" + folder.resolve("out"));
        assertThat(again.err())
                .contains("18 runs, of which 18 are finished and kept.")
                .doesNotContain("run 18/18");
        assertThat(results("out")).isEqualTo(results("parallel"));
    }

    @Test
    void whatCannotBeTrainedStandsBehind() throws IOException {
        Cli cli = sweep("""
                list:
                  - {learning-rate: 1e30, optimizer: sgd, activation: relu}
                  - {learning-rate: 0.01}
                  - {batch-size: 1, batch-norm: true}
                """, "out");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.out()).containsSubsequence("1  trial-002", "trial-001", "diverged, seed 1");
        assertThat(cli.out()).containsPattern("trial-003.*failed, seed 1");
        assertThat(cli.err()).contains("trial-003-seed-1: failed: --batch-size is 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grid: {learning-rat: [1]} | sets \"learning-rat\", which is no option that a sweep can set; did you mean \"learning-rate\"?",
                "grid: {} | is empty; name options with lists of values",
                "grid: {hidden: []} | has no values for hidden",
                "list: [] | is empty; name points",
                "seeds: 3 | must have one of \"grid:\", \"list:\" and \"draws:\", but has none of them",
                "{grid: {hidden: [4]}, draws: 3} | but has 2 of them",
                "grid: {hidden: [four]} | cannot be carried out: ",
                "{draws: 3, space: {dropout: {uniform: [1, 0]}}} | draws dropout from",
                "{draws: 3, space: {dropout: {log-uniform: [0, 1]}}} | with low above 0",
                "{draws: 0, space: {dropout: [0]}} | asks for 0 draws",
                "{grid: {hidden: [4]}, seeds: 0} | asks for 0 seeds",
                "{grid: {hidden: [4]}, seeds: many} | a whole number is expected there",
                "{grid: {backend: [cpu]}} | sets \"backend\", which is no option that a sweep can set",
                "{grit: {hidden: [4]}} | has \"grit\", which a sweep does not know; did you mean \"grid\"?",
                "{grid: {hidden: [4]}, halving: {from: 3, to: 2}} | {from: 1, to: 9, factor: 3} is expected",
                "{grid: {epochs: [4]}, halving: {to: 2}} | sets epochs, but its halving says how many there are",
                "[1] | must hold \"grid:\""
            })
    void whatIsNoSweepIsRefused(String text, String sentence) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), text);

        Cli cli = Cli.run("sweep", file, "--backend=cpu", "--out=" + folder.resolve("out"));

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("bad.yaml", sentence).doesNotContain("\tat ");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aTrillionPointsAreRefusedAtOnce() throws IOException {
        String tenValues = "[0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09]";
        StringBuilder grid = new StringBuilder("grid:\n");
        for (String option : List.of(
                "dropout",
                "input-dropout",
                "ema",
                "swa",
                "label-smoothing",
                "weight-decay",
                "decoupled-decay",
                "clip-norm",
                "max-norm",
                "augment-shift",
                "augment-scale",
                "augment-shear")) {
            grid.append("  ").append(option).append(": ").append(tenValues).append('\n');
        }

        Cli cli = sweep(grid.toString(), "out");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err())
                .contains("has 1,000,000,000,000 points, but at most 100000 can be tried; draw some of them");
    }

    @Test
    void aFolderBelongsToOneSweep() throws IOException {
        sweep(GRID, "out");

        Cli other = sweep(GRID.replace("0.01", "0.02"), "out");
        Cli missing = Cli.run("sweep", folder.resolve("nowhere.yaml"));

        assertThat(other.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(other.err()).contains("belongs to another configuration: ");
        assertThat(missing.exitCode()).isEqualTo(ExitCode.DATA);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | --spark=local[2] | --spark needs the module bpnn-spark, which is not on the class path",
                "2 | --spark=somewhere | --spark is somewhere, but spark://HOST:PORT, yarn, k8s://..., local[N] or nothing is expected",
                "2 | --spark=local --parallel=3 | --parallel is for runs in this process",
                "2 | --audit=0.1 | --audit compares the workers of a cluster; say with --spark where they are",
                "2 | --spark=local --audit=1.5 | --audit is 1.5, but must be above 0 and at most 1"
            })
    void clustersThatCannotBe(int exitCode, String options, String sentence) throws IOException {
        Cli cli = sweep(GRID, "out", (Object[]) options.split(" ", -1));

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(exitCode);
        assertThat(cli.err()).contains(sentence).doesNotContain("\tat ");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
