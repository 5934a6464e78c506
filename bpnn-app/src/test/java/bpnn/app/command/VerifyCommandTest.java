package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.session.ExitCode;
import bpnn.tck.Group;
import bpnn.tck.WrongProvider;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class VerifyCommandTest {
    @AfterEach
    void healthy() {
        System.clearProperty(WrongProvider.FAULT);
    }

    private static List<String> failed(JsonNode json) {
        List<String> names = new ArrayList<>();
        for (JsonNode line : json.get("lines")) {
            if (line.get("verdict").asText().equals("failed")) {
                names.add(line.get("name").asText());
            }
        }
        return names;
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "TF32 | PRIMITIVES | gemm | TF32 is on",
                "GEMM_READS_C_WITH_BETA_ZERO | SPECIAL_VALUES | gemm: β = 0 overwrites NaN | held NaN: it is read",
                "AXPBY_READS_Y_WITH_BETA_ZERO | SPECIAL_VALUES | axpby: β = 0 overwrites NaN | held NaN: it is read",
                "LAST_COLUMNS_DROPPED | PRIMITIVES | gemm | as when a tail is dropped",
                "LAST_ELEMENTS_DROPPED | PRIMITIVES | map TANH | as when a tail is dropped",
                "GATHERS_ONE_ROW_TOO_EARLY | PRIMITIVES | gatherRows of bytes | off by one row",
                "WRITES_ITS_PRODUCT_ONE_ROW_TOO_LOW | PRIMITIVES | gemm | off by one row",
                "SUMS_IN_ANOTHER_ORDER_EACH_TIME | REPEATABILITY | reduce SUM over columns | the run before gave",
                "SPLITS_PRODUCTS_ANEW_EACH_TIME | REPEATABILITY | gemm | the run before gave",
                "LEAKS_A_BUFFER | LIFECYCLE | no kernel leaks a buffer | denseBackward left 8 buffers behind",
            })
    void aWrongBackendFailsAtTheLineThatNamesItsFault(String fault, Group group, String line, String sentence) {
        System.setProperty(WrongProvider.FAULT, fault);

        Cli cli = Cli.run("verify", "--backend=wrong", "--only=" + group.title(), "--json", "--quiet");

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(VerifyCommand.FAILED);
        assertThat(cli.json().get("passed").booleanValue()).isFalse();
        assertThat(failed(cli.json())).contains(line);
        for (JsonNode result : cli.json().get("lines")) {
            if (result.get("name").asText().equals(line)) {
                assertThat(result.get("message").asText()).contains(sentence);
            }
        }
    }

    @Test
    void aFailedLineSaysWhatWasExpectedAndFoundAndHowToRepeatIt() {
        System.setProperty(WrongProvider.FAULT, "COARSE_EXP");

        Cli cli = Cli.run("verify", "--backend=wrong", "--only=primitives against float64: map EXP", "--seed=3");

        assertThat(cli.exitCode()).isEqualTo(VerifyCommand.FAILED);
        assertThat(cli.out())
                .contains("Backend wrong: plain Java; fast arithmetic; seed 3")
                .containsPattern("map EXP +[0-9.]+ +[0-9.e-]+ +FAILED")
                .contains("FAILED  primitives against float64: map EXP")
                .containsPattern("y\\[[0-9]+, [0-9]+] is [0-9.E-]+, but should be [0-9.E-]+ ± [0-9.e-]+, [0-9.]+ bounds"
                        + " away; [0-9]+ of [0-9]+ elements are wrong")
                .contains(
                        "Repeat it: ./bpnn verify --backend wrong --seed 3 --only \"primitives against float64: map EXP\"");
        assertThat(cli.out().strip().lines().reduce("", (a, b) -> b))
                .matches("Backend wrong FAILS: 1 of 1 lines chosen from [0-9]{3}, in [0-9.]+ s\\.");
    }

    @Test
    void aRightBackendPasses() {
        Cli cli = Cli.run("verify", "--backend=reference", "--only=bits of the reference");

        assertThat(cli.exitCode()).as(cli.out()).isZero();
        assertThat(cli.out())
                .contains("bits of the reference", "gemm", "passed")
                .doesNotContain("FAILED");
        assertThat(cli.out().strip().lines().reduce("", (a, b) -> b))
                .matches("Backend reference passes: ([0-9]+) of \\1 lines chosen from [0-9]{3}, in [0-9.]+ s\\.");
        assertThat(cli.err()).contains("bits of the reference");
    }

    @Test
    void inExactModeTheBitsCount() {
        System.setProperty(WrongProvider.FAULT, "DIVIDES_BY_A_RECIPROCAL");

        Cli fast = Cli.run("verify", "--backend=wrong", "--only=bits of the reference", "--json");
        Cli exact = Cli.run("verify", "--backend=wrong", "--numerics=exact", "--only=reference: zip DIVIDE", "--json");

        assertThat(fast.json().at("/lines/0/verdict").asText()).isEqualTo("skipped");
        assertThat(exact.exitCode()).isEqualTo(VerifyCommand.FAILED);
        assertThat(failed(exact.json())).containsExactly("zip DIVIDE", "zip DIVIDE of special values");
    }

    @Test
    void whereEveryLineIsSkippedNothingPasses() {
        System.setProperty(WrongProvider.FAULT, "DIVIDES_BY_A_RECIPROCAL");

        Cli json = Cli.run("verify", "--backend=wrong", "--only=bits of the reference", "--json");
        Cli text = Cli.run("verify", "--backend=wrong", "--only=bits of the reference");

        assertThat(json.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(json.json().get("passed").booleanValue()).isFalse();
        assertThat(text.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(text.out()).contains("skipped").doesNotContain("passes", "FAIL");
        assertThat(text.out().strip().lines().reduce("", (a, b) -> b))
                .matches(
                        "Nothing was checked on backend wrong: 0 of ([0-9]+) lines chosen from [0-9]{3}, \\1 skipped, in"
                                + " [0-9.]+ s\\.");
        assertThat(text.err())
                .contains(
                        "--only is \"bits of the reference\", and each line with that in its name was skipped: in fast mode"
                                + " the backend does not claim the bits of the reference. Choose other lines, or try --numerics"
                                + " exact.");
    }

    @Test
    void onATerminalItShowsHowFarItIs() {
        System.setProperty(WrongProvider.FAULT, "ARGMAX_IS_THE_LAST");

        Cli cli = Cli.runInteractively("verify", "--backend=wrong", "--only=definition: argmax");

        assertThat(cli.err())
                .contains("1/1 [")
                .contains("\r\033[KFAILED: fused kernels against their definition: argmax")
                .endsWith("\r\033[K");
    }

    @Test
    void aBackendThatCannotBeHadIsNoVerdict() {
        Cli missing = Cli.run("verify", "--backend=missing");
        Cli unknown = Cli.run("verify", "--backend=gpu");

        assertThat(missing.exitCode()).isEqualTo(ExitCode.BACKEND);
        assertThat(missing.err()).contains("Backend missing is not available: No such device was found. Buy one.");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.BACKEND);
        assertThat(missing.out() + unknown.out()).isEmpty();
    }

    @Test
    void anUnknownLineIsRefused() {
        Cli cli = Cli.run("verify", "--backend=reference", "--only=conv2d");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("--only is \"conv2d\", but no line has that in its name.");
    }
}
