package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.report.study.Studies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small experiment, from the command line to the report. */
class ExperimentCommandTest {
    @TempDir
    static Path folder;

    private static Path out;
    private static String table;

    @BeforeAll
    static void experiment() throws IOException {
        out = folder.resolve("dropout");
        Cli cli = run(1);
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.out()).contains("Dropout: ", "Report: ");
        table = Files.readString(out.resolve("results.csv"));
    }

    private static Cli run(int epochs) {
        return Cli.run(
                "experiment",
                "dropout",
                "--backend=cpu",
                "--dataset",
                TinyData.in(folder),
                "--seeds=2",
                "--epochs=" + epochs,
                "--out",
                out);
    }

    @Test
    void theReportStandsAloneAndItsChartsAreThere() throws IOException {
        String report = Files.readString(out.resolve("report.html"));
        assertThat(report)
                .contains("Dropout", "default-src 'none'", "What the article")
                .containsPattern("supported|cannot be told")
                .doesNotContainPattern("(src|href)=\"(https?:)?//");
        try (Stream<Path> charts = Files.list(out.resolve("charts"))) {
            assertThat(charts)
                    .isNotEmpty()
                    .allSatisfy(chart -> assertThat(Files.size(chart)).isGreaterThan(1000));
        }
        assertThat(table.lines().count()).isGreaterThan(20);
    }

    @Test
    void theSameCommandRepeatsNoFinishedRun() throws IOException {
        List<Path> results = results();
        List<Object> before = times(results);
        assertThat(run(1).exitCode()).isZero();
        assertThat(times(results)).isEqualTo(before);
        assertThat(Files.readString(out.resolve("results.csv"))).isEqualTo(table);
    }

    @Test
    void aDamagedRunIsNoticedAndRunAgain() throws IOException {
        Path damaged = results().get(0);
        String content = Files.readString(damaged);
        Files.writeString(damaged, content.replaceFirst("0\\.\\d", "0.0"));
        Cli cli = run(1);
        assertThat(cli.exitCode()).isZero();
        assertThat(cli.err()).contains(damaged + " is damaged");
        assertThat(withoutTimes(Files.readString(out.resolve("results.csv")))).isEqualTo(withoutTimes(table));
        table = Files.readString(out.resolve("results.csv"));
    }

    @Test
    void aFolderOfAnotherConfigurationIsRefusedAndTheDifferenceNamed() {
        Cli cli = run(2);
        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("belongs to another configuration", "is 1 there, but 2 here");
    }

    @Test
    void theHelpNamesEveryStudy() {
        assertThat(Cli.run("experiment", "--help").out()).contains(String.join("|", Studies.names()) + "|all");
    }

    @Test
    void impossibleOptionsAreUsageErrors() {
        assertThat(Cli.run("experiment", "magic").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(Cli.run("experiment", "dropout", "--seeds=0").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    private static List<Path> results() throws IOException {
        try (Stream<Path> files = Files.walk(out.resolve("runs"))) {
            return files.filter(file -> file.endsWith("result.json")).sorted().toList();
        }
    }

    private static List<Object> times(List<Path> files) throws IOException {
        List<Object> times = new java.util.ArrayList<>();
        for (Path file : files) {
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }

    private static List<String> withoutTimes(String csv) {
        return csv.lines().filter(line -> !line.contains("econds")).toList();
    }
}
