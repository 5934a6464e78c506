package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.Main;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.cuda.StandInFlags;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The backend cuda as a user meets it, in JVMs of their own, on the CPU stand-in for CUDA. */
@Tag("once")
class CudaTest {
    private static final String NETWORK = "--hidden 16 --batch-size 50 --dropout 0.25 --batch-norm --validation 50";

    @TempDir
    private Path folder;

    /** Runs the program; {@code environment} is what the stand-in is told. */
    private Cli run(String environment, String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(StandInFlags.flags());
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments.split(" ")));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("CUDA_STANDIN", environment);
        int exitCode = builder.start().waitFor();
        return new Cli(exitCode, Files.readString(out), Files.readString(err));
    }

    private Cli train(String environment, String backend, String run, String options)
            throws IOException, InterruptedException {
        return run(
                environment,
                "train --json --backend " + backend + " --dataset " + TinyData.in(folder) + " --out "
                        + folder.resolve(run) + " " + NETWORK + " " + options);
    }

    private JsonNode record(String run) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(run).resolve("run.json").toFile());
    }

    @Test
    void exactTrainingGivesTheWeightsOfTheProcessor() throws Exception {
        Cli cuda = train("lazy=1", "cuda", "cuda", "--epochs 3 --numerics exact");
        Cli cpu = train("", "cpu", "cpu", "--epochs 3");
        assertThat(cuda.exitCode()).as(cuda.err()).isZero();
        assertThat(cuda.json().get("weightsSha256")).isEqualTo(cpu.json().get("weightsSha256"));
        assertThat(cuda.json().get("device").textValue()).startsWith("CUDA stand-in (CPU)");
    }

    /** Whoever has no GPU checks what one computed, and the other way round; here on the stand-in. */
    @Test
    void aTraceIsAuditedOnTheOtherBackend() throws Exception {
        String options = "--epochs 3 --numerics exact --trace 3 --trace-states 2";
        assertThat(train("lazy=1", "cuda", "cuda", options).exitCode()).isZero();
        assertThat(train("", "cpu", "cpu", options).exitCode()).isZero();

        Cli onCpu = run("", "audit --all --backend cpu " + folder.resolve("cuda"));
        Cli onCuda = run("lazy=1", "audit --all --backend cuda " + folder.resolve("cpu"));

        assertThat(onCpu.exitCode()).as(onCpu.out() + onCpu.err()).isZero();
        assertThat(onCpu.out())
                .contains("segments computed on cpu (", "gave the bits that cuda (CUDA stand-in (CPU)")
                .contains("that is the whole training.");
        assertThat(onCuda.exitCode()).as(onCuda.out() + onCuda.err()).isZero();
        assertThat(onCuda.out()).contains("segments computed on cuda (CUDA stand-in (CPU)", "gave the bits that cpu (");
    }

    /** cuBLAS has its own order of sums, which float64 follows for a few steps. */
    @Test
    void fastArithmeticIsAuditedWithinBounds() throws Exception {
        assertThat(train("", "cuda", "run", "--epochs 2 --numerics fast --trace --trace-states 1")
                        .exitCode())
                .isZero();

        Cli audit = run("", "audit --backend cpu " + folder.resolve("run"));

        assertThat(audit.exitCode()).as(audit.out() + audit.err()).isZero();
        assertThat(audit.out()).contains("short ways that were followed agree with float64");
    }

    @Test
    void itIsChosenBeforeTheProcessor() throws Exception {
        assertThat(run("", "backends").out()).contains("cuda").contains("CUDA stand-in (CPU)");
        assertThat(run(
                                "",
                                "train --dataset " + TinyData.in(folder) + " --out " + folder.resolve("run")
                                        + " --epochs 1 " + NETWORK)
                        .err())
                .contains("Backend cuda chosen automatically");
    }

    @Test
    void withoutAGpuItSaysWhatToDo() throws Exception {
        Cli cli = train("devices=0", "cuda", "run", "--epochs 1");
        assertThat(cli.exitCode()).isEqualTo(ExitCode.BACKEND);
        assertThat(cli.err()).contains("Backend cuda is not available", "sees no GPU", "nvidia-smi");
        assertThat(run("devices=0", "backends").out()).contains("sees no GPU");
        assertThat(run("devices=0", "doctor").out()).contains("sees no GPU");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    /** What was saved is there, and the rest can be caught up on, to the last bit. */
    @Test
    void aFailedKernelLeavesTheCheckpointToGoOnFrom() throws Exception {
        for (String failure : List.of("launch-fails=200", "device-is-lost=200")) {
            String run = "run-" + failure;
            Cli failed = train(failure, "cuda", run, "--epochs 8 --numerics exact");
            assertThat(failed.exitCode()).as(failed.err()).isEqualTo(ExitCode.BACKEND);
            assertThat(failed.err())
                    .contains("CUDA stand-in (CPU) failed while", "CUDA_ERROR_", "--resume")
                    .doesNotContain("Exception");
            assertThat(folder.resolve(run).resolve("checkpoint.safetensors")).isRegularFile();
            try (Stream<String> history = Files.lines(folder.resolve(run).resolve("history.csv"))) {
                assertThat(history.count()).isBetween(2L, 8L);
            }
            Cli resumed = train("", "cuda", run, "--epochs 8 --numerics exact --resume");
            assertThat(resumed.exitCode()).as(resumed.err()).isZero();
            assertThat(resumed.json().get("weightsSha256"))
                    .isEqualTo(train("", "cpu", "whole-" + failure, "--epochs 8")
                            .json()
                            .get("weightsSha256"));
        }
    }

    @Test
    void tooLittleMemoryIsToldWithSizes() throws Exception {
        Cli cli = train("memory=500000", "cuda", "run", "--epochs 1 --numerics exact");
        assertThat(cli.exitCode()).isEqualTo(ExitCode.BACKEND);
        assertThat(cli.err())
                .contains("There is no room for", "MiB on CUDA stand-in (CPU)", "are free", "--batch-size")
                .doesNotContain("Exception");
    }

    @Test
    void tf32IsRecorded() throws Exception {
        assertThat(train("", "cuda", "with", "--epochs 1 --tf32").exitCode()).isZero();
        assertThat(train("", "cuda", "without", "--epochs 1").exitCode()).isZero();
        assertThat(record("with").findValue("products").textValue()).isEqualTo("TF32");
        assertThat(record("without").findValue("products").textValue()).startsWith("float32,");
        Cli exact = train("", "cuda", "exact", "--epochs 1 --tf32 --numerics exact");
        assertThat(exact.exitCode()).isEqualTo(ExitCode.BACKEND);
        assertThat(exact.err()).contains("TF32 are not exact");
        Cli cpu = train("", "cpu", "cpu", "--epochs 1 --tf32");
        assertThat(cpu.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cpu.err()).contains("--tf32 concerns the backend cuda alone");
    }
}
