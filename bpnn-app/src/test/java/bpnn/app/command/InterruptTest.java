package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.Main;
import bpnn.app.TinyData;
import bpnn.io.safetensors.SafetensorsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own, for a signal ends the JVM that receives it. */
@DisabledOnOs(OS.WINDOWS)
class InterruptTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(60)
    void ctrlCEndsTheRunWithWhatWasLearntWritten() throws Exception {
        Path run = folder.resolve("run");
        Process process = start(run);
        try {
            waitForAnEpoch(run.resolve("history.csv"), process);
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String out = Files.readString(folder.resolve("out"));
        String err = Files.readString(folder.resolve("err"));

        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(out).startsWith("Test accuracy ");
        assertThat(err).contains("Interrupted after ", "what was learnt is written");
        assertThat(Files.readString(run.resolve("run.json"))).contains("\"status\" : \"interrupted\"");
        assertThat(SafetensorsReader.read(run.resolve("model.safetensors")).tensors())
                .containsKey("fc1.weight");
        // Its rates go along a cycle of a million epochs, wherever it was interrupted.
        assertThat(Files.readString(run.resolve("run.json"))).contains("OneCycle");
        Cli again = Cli.run("reproduce", run.resolve("run.json"), "--out", folder.resolve("again"));
        assertThat(again.out()).as(again.err()).startsWith("Same bits: ");
        Cli audit = Cli.run("audit", run, "--backend=reference", "--all");
        assertThat(audit.out()).as(audit.err()).contains("that is the whole training");
    }

    private Process start(Path run) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                "--backend=reference",
                "--dataset=" + TinyData.in(folder),
                "--hidden=4",
                "--epochs=1000000",
                "--trace",
                "--out=" + run);
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private static void waitForAnEpoch(Path history, Process process) throws Exception {
        while (!Files.exists(history) || Files.readAllLines(history).size() < 3) {
            assertThat(process.isAlive()).as("the training goes on").isTrue();
            Thread.sleep(20);
        }
    }
}
