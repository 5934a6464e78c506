package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.Main;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PlayCommandTest {
    @TempDir
    Path folder;

    @Test
    void withoutImagesToJudgeByThereIsNothingToSee() {
        Cli cli = Cli.run("play", "--dataset", TinyData.in(folder), "--validation=0", "--out", folder.resolve("play"));

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err())
                .contains("--validation is 0, but the page judges by images")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("play")).doesNotExist();
    }

    @Test
    @Timeout(120)
    @DisabledOnOs(OS.WINDOWS)
    void ctrlCEndsItAndKeepsWhatWasLearnt() throws Exception {
        Path out = folder.resolve("play");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "play",
                        "--json",
                        "--backend=reference",
                        "--port=0",
                        "--dataset=" + TinyData.in(folder),
                        "--validation=50",
                        "--out=" + out)
                .redirectError(folder.resolve("err").toFile())
                .start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            String url = new ObjectMapper().readTree(said.readLine()).get("url").textValue();
            PlayClient client = new PlayClient(URI.create(url));
            String token = client.token();
            String knobs =
                    "{\"do\": \"runs\", \"runs\": [{\"hidden\": \"6\", \"batch-size\": \"20\", \"epochs\": \"1000\"}]}";
            assertThat(client.post("/command", token, knobs).statusCode()).isEqualTo(200);
            assertThat(client.post("/command", token, "{\"do\": \"start\"}").statusCode())
                    .isEqualTo(200);
            while (!Files.exists(out.resolve("run-1/checkpoint.safetensors"))) {
                TimeUnit.MILLISECONDS.sleep(20);
            }

            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(Files.readString(folder.resolve("err"))).doesNotContain("Exception", "\tat ", "error");
            assertThat(out.resolve("run-1/run.json")).content().contains("\"status\" : \"interrupted\"");
            Cli kept = Cli.run(
                    "eval", "--model", out.resolve("run-1/model.safetensors"), "--dataset", TinyData.in(folder));
            assertThat(kept.exitCode()).as(kept.err()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
