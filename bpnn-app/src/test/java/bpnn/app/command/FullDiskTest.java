package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.lab.run.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** On a real file system that is full; it takes a user who may mount one in memory. */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {
    /** Room for one checkpoint of the network below, 76 kB, and what else the run writes, but not for two. */
    private static final String SMALL = "size=140k";

    @TempDir
    Path folder;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        mounted = succeeds("mount", "-t", "tmpfs", "-o", SMALL, "tmpfs", disk.toString());
        assumeTrue(mounted, "no file system can be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(succeeds("umount", disk.toString())).isTrue();
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException thereIsNoSuchProgram) {
            return false;
        }
    }

    private Cli train(Path run, String... more) {
        List<Object> arguments = Stream.concat(
                        Stream.of(
                                "train",
                                "--json",
                                "--backend=reference",
                                "--dataset",
                                TinyData.in(folder),
                                "--hidden=8",
                                "--dropout=0.2",
                                "--epochs=4",
                                "--out",
                                run),
                        Stream.of(more))
                .map(Object.class::cast)
                .toList();
        return Cli.run(arguments.toArray());
    }

    @Test
    void theLastCheckpointSurvivesAndTheRunGoesOnWhenThereIsRoom() throws Exception {
        Path run = disk.resolve("run");

        Cli full = train(run);

        assertThat(full.exitCode()).as(full.err()).isEqualTo(ExitCode.DATA);
        assertThat(full.err())
                .contains(run.resolve("checkpoint.safetensors") + " could not be written: No space left on device.")
                .doesNotContain("\tat ");
        assertThat(Checkpoint.read(run.resolve("checkpoint.safetensors"))
                        .training()
                        .epochs())
                .hasSize(1);
        assertThat(Files.readString(run.resolve("run.json"))).contains("\"status\" : \"failed\"");

        assertThat(succeeds("mount", "-o", "remount,size=2m", disk.toString())).isTrue();
        Cli resumed = train(run, "--resume");
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        Cli unbroken = train(folder.resolve("unbroken"));
        assertThat(resumed.json().get("weightsSha256"))
                .isEqualTo(unbroken.json().get("weightsSha256"));
        assertThat(Files.readAllLines(run.resolve("history.csv"))).hasSize(5);
    }
}
