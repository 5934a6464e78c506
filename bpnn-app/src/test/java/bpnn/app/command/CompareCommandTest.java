package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.tck.WrongProvider;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {
    @TempDir
    Path folder;

    @AfterEach
    void healthy() {
        System.clearProperty(WrongProvider.FAULT);
    }

    private Cli compare(String backends, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "compare",
                "--backends=" + backends,
                "--dataset=" + TinyData.in(folder),
                "--hidden=16,12",
                "--batch-size=50",
                "--epochs=2",
                "--out=" + folder.resolve("out")));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    private Cli train(String out, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "train",
                "--backend=reference",
                "--dataset=" + TinyData.in(folder),
                "--batch-size=50",
                "--epochs=2",
                "--quiet",
                "--out=" + folder.resolve(out)));
        arguments.addAll(List.of(more));
        if (Arrays.stream(more).noneMatch(option -> option.toString().startsWith("--hidden"))) {
            arguments.add("--hidden=16,12");
        }
        Cli cli = Cli.run(arguments.toArray());
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        return cli;
    }

    private static String lastLine(Cli cli) {
        return cli.out().strip().lines().reduce("", (a, b) -> b);
    }

    @Test
    void aBackendHasTheBitsOfItself() throws IOException {
        Cli cli = compare("reference,reference", "--dropout=0.25", "--batch-norm");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(lastLine(cli)).isEqualTo("Same bits: reference-2 and reference end with the same weights.");
        assertThat(cli.out())
                .contains("losses have the same bits in all 10 steps", "0 of 50 are read differently")
                .contains("hash of the weights: equal", "they do not part");
        Path out = folder.resolve("out");
        assertThat(out.resolve("reference/model.safetensors"))
                .hasSameBinaryContentAs(out.resolve("reference-2/model.safetensors"));
        assertThat(out.resolve("comparison.txt")).hasContent(cli.out().strip());
        assertThat(ImageIO.read(out.resolve("comparison.png").toFile()).getWidth())
                .isEqualTo(1800);
        assertThat(Files.readString(out.resolve("comparison.html")))
                .startsWith("<!doctype html>")
                .contains("Same bits: reference-2", "\"losses\"")
                .doesNotContain("\"loss-differences\"", "src=\"http");
    }

    /** Sums in another order: what every honest library does to the reference's bits. */
    @Test
    void otherRoundingsAgree() {
        System.setProperty(WrongProvider.FAULT, "SUMS_IN_ANOTHER_ORDER_EACH_TIME");

        Cli cli = compare("reference,wrong", "--json", "--quiet");

        assertThat(cli.exitCode()).as(cli.out()).isZero();
        JsonNode other = cli.json().at("/others/0");
        assertThat(cli.json().get("agree").booleanValue()).isTrue();
        assertThat(other.get("verdict").asText()).isEqualTo("agree");
        assertThat(other.get("firstLossDifference").doubleValue()).isLessThan(1e-6);
        assertThat(other.get("firstOtherBits").longValue()).isBetween(1L, 10L);
        assertThat(other.get("sameHash").booleanValue()).isFalse();
        assertThat(other.get("accuraciesAgree").booleanValue()).isTrue();
        assertThat(other.at("/weightDistances/0/relative").doubleValue()).isZero();
        assertThat(other.at("/weightDistances/10/relative").doubleValue()).isBetween(1e-9, 1e-4);
        for (String part : List.of("step", "data", "forward", "backward", "update")) {
            assertThat(other.at("/measured/" + part).doubleValue()).as(part).isPositive();
        }
    }

    @Test
    void halfThePrecisionIsADifference() {
        System.setProperty(WrongProvider.FAULT, "BF16");

        Cli cli = compare("reference,wrong");

        assertThat(cli.exitCode()).as(cli.out()).isEqualTo(CompareCommand.DIFFERENT);
        assertThat(lastLine(cli))
                .startsWith("DIFFER: wrong and reference have first losses that differ by ")
                .contains("where float32 leaves at most 1e-05");
    }

    @Test
    void exactArithmeticHasNoOtherBits() {
        System.setProperty(WrongProvider.FAULT, "DIVIDES_BY_A_RECIPROCAL");

        Cli cli = compare("reference,wrong", "--numerics=exact");

        assertThat(cli.exitCode()).as(cli.out()).isEqualTo(CompareCommand.DIFFERENT);
        assertThat(lastLine(cli))
                .isEqualTo("DIFFER: wrong and reference both claim exact arithmetic, but end with other bits.");
    }

    @Test
    void severalAreComparedWithTheFirst() {
        System.setProperty(WrongProvider.FAULT, "BF16");

        Cli cli = compare("reference,reference,wrong");

        assertThat(cli.exitCode()).isEqualTo(CompareCommand.DIFFERENT);
        assertThat(cli.out()).contains("Same bits: reference-2 and reference", "DIFFER: wrong and reference");
        assertThat(lastLine(cli)).isEqualTo("NOT all agree with reference: 1 of 2 do not.");
    }

    @Test
    void aRunFolderOfAComparisonCanBeReproduced() {
        assertThat(compare("reference,reference", "--quiet").exitCode()).isZero();

        Cli cli = Cli.run("reproduce", folder.resolve("out/reference/run.json"), "--out", folder.resolve("again"));

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.out()).startsWith("Same bits: ");
    }

    @Test
    void twoFinishedRunsAreCompared() {
        train("a", "--log-steps=1");
        train("b", "--log-steps=2");

        Cli cli = Cli.run("compare", folder.resolve("a"), folder.resolve("b"), "--out", folder.resolve("both"));

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(lastLine(cli)).isEqualTo("Same bits: B and A end with the same weights.");
        assertThat(cli.out())
                .contains("losses have the same bits in all 5 steps")
                .doesNotContain("other setting");
        assertThat(folder.resolve("both/comparison.png")).isNotEmptyFile();
    }

    @Test
    void otherSettingsMakeOtherTrainings() {
        train("a");
        train("b", "--seed=2");
        train("c", "--hidden=8");

        Cli seeds = Cli.run("compare", folder.resolve("a"), folder.resolve("b"));
        Cli structures = Cli.run("compare", folder.resolve("a"), folder.resolve("c"), "--json");

        assertThat(seeds.exitCode()).isEqualTo(CompareCommand.DIFFERENT);
        assertThat(seeds.out())
                .contains("other setting: configuration.seed: 1 in A, 2 in B")
                .contains("losses of steps: not logged by both; --log-steps of train writes them");
        assertThat(lastLine(seeds))
                .isEqualTo("Not comparable: B and A are different trainings, of which 1 setting differs.");
        assertThat(structures.exitCode()).isEqualTo(CompareCommand.DIFFERENT);
        assertThat(structures.json().at("/others/0/weightDistances")).isEmpty();
    }

    @Test
    void aDamagedOrMissingRunIsADataError() throws IOException {
        train("a");
        Cli missing = Cli.run("compare", folder.resolve("a"), folder.resolve("nowhere"));
        Files.writeString(folder.resolve("a/history.jsonl"), "no json\n");
        Cli damaged = Cli.run("compare", folder.resolve("a"), folder.resolve("a"));

        assertThat(damaged.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(damaged.err()).contains("history.jsonl cannot be used");
        assertThat(missing.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(missing.err()).contains("run.json could not be read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compare | There is nothing to compare: name two run folders, or --backends cpu,nd4j.",
                "compare somewhere | There is nothing to compare",
                "compare a b --backends=reference,reference | Either run folders or --backends can be compared, not both.",
                "compare --backends=reference | --backends names 1, but must name 2 to 5.",
                "compare --backends=reference,reference --resume --out=x | --resume and --tensorboard belong to train",
                "compare --backends=reference,reference --threshold=0 | --threshold is 0.0, but must be a positive",
            })
    void impossibleOptionsAreRefused(String command, String sentence) {
        Cli cli = Cli.run((Object[]) command.split(" "));

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains(sentence);
    }

    @Test
    void anUnavailableBackendIsToldBeforeAnythingIsTrained() {
        Cli cli = compare("reference,missing");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.BACKEND);
        assertThat(cli.err()).contains("Backend missing is not available: No such device was found. Buy one.");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
