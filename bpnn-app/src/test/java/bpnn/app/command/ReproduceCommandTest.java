package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproduceCommandTest {
    @TempDir
    Path folder;

    private Path record;

    @BeforeEach
    void train() {
        Cli cli = Cli.run(
                "train",
                "--backend=reference",
                "--dataset=" + TinyData.in(folder),
                "--out=" + folder.resolve("run"),
                "--hidden=8,6",
                "--batch-size=50",
                "--epochs=2",
                "--steps=7",
                "--dropout=0.25",
                "--dropout-mask=per-batch",
                "--batch-norm",
                "--no-shuffle",
                "--normalize=standard",
                "--seed=5",
                "--limit=200",
                "--quiet");
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        record = folder.resolve("run/run.json");
    }

    private Cli reproduce() {
        return Cli.run("reproduce", record, "--out", folder.resolve("again"), "--json");
    }

    @Test
    void theSameRunGivesTheSameBits() {
        Cli cli = Cli.run("reproduce", record, "--out", folder.resolve("again"));

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.out()).startsWith("Same bits: ").contains("Data, hardware and versions are the same too.");
        assertThat(folder.resolve("again/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("run/model.safetensors"));
    }

    /** Before, a rate stood in every record, and one cycle was what auto meant for the default one. */
    @Test
    void aRunFromBeforeRatesThatAreGivenWereConstantGivesTheSameBits() throws IOException {
        String text = Files.readString(record);
        assertThat(text).contains("\"schedule\" : \"auto\"", "\"schedule\" : \"OneCycle[peak=3.0, rise=0.1]\"");
        Files.writeString(record, text.replace("\"options\" : {", "\"options\" : {\"learning-rate\" : \"0.001\","));

        Cli cli = Cli.run("reproduce", record, "--out", folder.resolve("again"));

        assertThat(cli.out()).startsWith("Same bits: ");
    }

    @Test
    void whatDiffersIsNamed() throws IOException {
        String text = Files.readString(record);
        Files.writeString(
                record,
                text.replaceAll("(\"weightsSha256\" : \")[0-9a-f]{8}", "$100000000")
                        .replaceAll("(\"java\" : \")[^\"]*", "$199.0.1")
                        .replaceAll("(\"trainSha256\" : \")[0-9a-f]{8}", "$100000000"));

        Cli cli = Cli.run("reproduce", record, "--out", folder.resolve("again"));

        assertThat(cli.exitCode()).isEqualTo(ReproduceCommand.OTHER_BITS);
        assertThat(cli.out())
                .startsWith("Other bits: ")
                .contains(
                        "versions.java was 99.0.1, but now is " + Runtime.version(),
                        "data.trainSha256 was 00000000",
                        "result.weightsSha256 was 00000000")
                .doesNotContain("testLoss");
    }

    @Test
    void theResultIsGivenAsJsonToo() {
        Cli cli = reproduce();

        assertThat(cli.out().lines()).hasSize(1);
        assertThat(cli.json().get("sameBits").booleanValue()).isTrue();
        assertThat(cli.json().get("differences")).isEmpty();
        assertThat(cli.json().get("weightsSha256")).isEqualTo(cli.json().get("weightsSha256Before"));
    }

    @Test
    void aRecordThatIsNoneIsRefused() throws IOException {
        for (String text :
                new String[] {"", "[1]", "{\"configuration\": {}}", "{\"configuration\": ", "no json", "[".repeat(2000)
                }) {
            Files.writeString(record, text);

            Cli cli = reproduce();

            assertThat(cli.exitCode()).as(text).isEqualTo(ExitCode.DATA);
            assertThat(cli.err()).contains("run.json").doesNotContain("\tat ", "StreamRead", "Source");
            assertThat(folder.resolve("again")).doesNotExist();
        }
        Cli missing = Cli.run("reproduce", folder.resolve("missing.json"));
        assertThat(missing.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(missing.err()).contains("there is no such file");
    }

    @Test
    void optionsThatTheProgramDoesNotKnowAreRefused() throws IOException {
        Files.writeString(record, Files.readString(record).replace("\"dropout-mask\"", "\"dropout-musk\""));

        Cli cli = reproduce();

        assertThat(cli.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(cli.err()).contains("dropout-musk");
    }
}
