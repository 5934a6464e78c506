package bpnn.spark;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.BackendProvider;
import bpnn.tck.FaultyBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import plugin.FaultyKernels;
import plugin.FaultyProvider;

/** Sweeps and experiments on a standalone master with two workers, and in one process. */
@Timeout(400)
class SparkIT {
    /** 40 runs, each of which takes a moment. */
    private static final String SWEEP = """
            options: {dataset: "%s", epochs: %d, batch-size: 10, validation: 50}
            grid:
              hidden: ["8", "16,8"]
              learning-rate: [0.0003, 0.001, 0.003, 0.01]
            seeds: 5
            """;

    private static final int EPOCHS = 10;

    @TempDir
    static Path folder;

    private static Processes processes;
    private static String master;
    private static Process firstWorker;
    private static Path table;
    private static Path sweep;
    private static String expected;

    @BeforeAll
    static void startTheCluster() throws Exception {
        processes = new Processes(folder);
        table = TinyTable.in(folder);
        sweep = Files.writeString(folder.resolve("sweep.yaml"), SWEEP.formatted(table, EPOCHS));
        master = processes.master();
        firstWorker = processes.worker(master, Processes.HOME, false);
        processes.worker(master, Processes.HOME, false);
        Processes.Ended local = run("sweep", sweep, "--backend=cpu", "--out=local");
        assertThat(local.exitCode()).as(local.err()).isZero();
        expected = results("local");
        assertThat(expected.lines()).hasSize(41);
    }

    @AfterAll
    static void stopTheCluster() {
        processes.close();
    }

    private static Processes.Ended run(Object... arguments) throws Exception {
        return processes.end(processes.bpnn(arguments));
    }

    /** Without times, backends and workers. */
    private static String results(String out) throws IOException {
        return Files.readString(folder.resolve(out).resolve("results.csv"))
                .replaceAll("(?m),[0-9.E-]+,\"[^\"]*\",[^,]*$", "");
    }

    private static List<String> workers(String out) throws IOException {
        return Files.readString(folder.resolve(out).resolve("results.csv"))
                .lines()
                .skip(1)
                .map(line -> line.substring(line.lastIndexOf(',') + 1))
                .toList();
    }

    @Test
    void aSweepGivesTheSameInOneProcessAndOnACluster() throws Exception {
        Processes.Ended embedded = run("sweep", sweep, "--spark=local[2]", "--out=embedded");
        Processes.Ended remote =
                run("sweep", sweep, "--spark=" + master, "--spark-data=read", "--audit=0.2", "--out=remote");

        assertThat(embedded.exitCode()).as(embedded.err()).isZero();
        assertThat(remote.exitCode()).as(remote.err()).isZero();
        assertThat(results("embedded")).isEqualTo(expected);
        assertThat(results("remote")).isEqualTo(expected);
        assertThat(workers("remote")).contains("127.0.0.1 (executor 0)", "127.0.0.1 (executor 1)");
        assertThat(remote.err()).contains("run 40/40", "Audit: 8 runs repeated, all with the same bits.");
        assertThat(remote.out()).contains("Ranked by the validation images");
        assertThat(folder.resolve("remote/runs/trial-001-seed-1/worker.json"))
                .content()
                .contains("\"worker\"", "\"commit\"", "\"jarSha256\"", "\"java\"");
        try (Stream<Path> left = Files.list(folder.resolve("remote"))) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }

    /** A worker's own working folder is another one, so what it is to write there it has to send. */
    @Test
    void whereNoFolderIsSharedFilesAreSent() throws Exception {
        Processes.Ended sent = run("sweep", sweep, "--spark=" + master, "--keep=all", "--out=/proc/self/cwd/sent");

        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(results("sent")).isEqualTo(expected);
        assertThat(folder.resolve("sent/runs/trial-003-seed-2/model.safetensors"))
                .exists();
    }

    @Test
    void aWorkerAndADriverAreKilled() throws Exception {
        Process driver = processes.bpnn("sweep", sweep, "--spark=" + master, "--out=killed");
        processes.await(driver, "run 8/40");
        Processes.kill(firstWorker);
        processes.await(driver, "is gone; what it had in work is begun again elsewhere");
        processes.await(driver, "run 16/40");
        Processes.kill(driver);
        firstWorker = processes.worker(master, Processes.HOME, false);

        Processes.Ended resumed = run("sweep", sweep, "--spark=" + master, "--out=killed");

        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(resumed.err()).containsPattern("40 runs, of which (1[5-9]|[23]\\d) are finished and kept");
        assertThat(results("killed")).isEqualTo(expected);
    }

    @Test
    void anExperimentGivesTheSameReport() throws Exception {
        List<Object> command = List.of(
                "experiment", "all", "--dataset=" + table, "--validation=50", "--epochs=2", "--seeds=2", "--hidden=8");
        List<Object> here = new ArrayList<>(command);
        here.addAll(List.of("--json", "--out=experiment-here"));
        List<Object> there = new ArrayList<>(command);
        there.addAll(List.of("--json", "--out=experiment-there", "--spark=" + master));

        Processes.Ended local = run(here.toArray());
        Processes.Ended remote = run(there.toArray());

        assertThat(local.exitCode()).as(local.err()).isZero();
        assertThat(remote.exitCode()).as(remote.err()).isZero();
        assertThat(remote.out().replace("experiment-there", "experiment-here")).isEqualTo(local.out());
        assertThat(hashes("experiment-there")).isNotEmpty().isEqualTo(hashes("experiment-here"));
    }

    private static List<String> hashes(String out) throws IOException {
        List<String> hashes = new ArrayList<>();
        try (Stream<Path> runs = Files.list(folder.resolve(out).resolve("runs"))) {
            for (Path run : runs.sorted().toList()) {
                String result = Files.readString(run.resolve("result.json"));
                hashes.add(run.getFileName()
                        + result.replaceAll("(?s).*\"(weightsSha256\":\"[0-9a-f]+|points\":.*?]).*", " $1"));
            }
        }
        return hashes;
    }

    @Test
    void sparkSubmitStartsIt() throws Exception {
        Processes.Ended submitted = processes.end(
                processes.submit(master, "sweep", sweep, "--spark", "--out=" + folder.resolve("submitted")));

        assertThat(submitted.exitCode()).as(submitted.err()).isZero();
        assertThat(results("submitted")).isEqualTo(expected);
    }

    @Test
    void aWorkerThatComputesWronglyIsNamed() throws Exception {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        faultyPlugin(plugins.resolve("faulty.jar"));
        Path small = Files.writeString(folder.resolve("small.yaml"), SWEEP.formatted(table, 1));
        String own = processes.master();
        processes.worker(own, Processes.HOME, false);
        processes.worker(own, Processes.HOME, true);
        List<Object> command =
                new ArrayList<>(List.of("sweep", small, "--backend=faulty", "--plugins=" + plugins, "--out=right"));
        Processes.Ended local = run(command.toArray());
        command.set(4, "--out=audited");
        command.addAll(List.of("--spark=" + own, "--audit=0.5"));

        Processes.Ended audited = run(command.toArray());

        assertThat(local.exitCode()).as(local.err()).isZero();
        assertThat(audited.exitCode()).as(audited.err()).isZero();
        assertThat(audited.err())
                .containsPattern("Audit: 20 runs repeated, \\d+ with other bits")
                .containsPattern(
                        "Worker 127.0.0.1 \\(executor \\d\\) computes wrongly: for trial-00\\d-seed-\\d it gives");
        assertThat(results("audited")).isEqualTo(results("right"));
        assertThat(workers("audited").stream().distinct()).hasSize(1);
    }

    private static void faultyPlugin(Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry("META-INF/services/" + BackendProvider.class.getName()));
            entries.write(FaultyProvider.class.getName().getBytes(StandardCharsets.UTF_8));
            for (Class<?> each : List.of(FaultyProvider.class, FaultyKernels.class, FaultyBackend.class)) {
                String name = each.getName().replace('.', '/') + ".class";
                entries.putNextEntry(new JarEntry(name));
                try (InputStream in = each.getResourceAsStream("/" + name)) {
                    in.transferTo(entries);
                }
            }
        }
    }

    @Test
    void aMasterThatDoesNotAnswer() throws Exception {
        Processes.Ended ended =
                run("sweep", sweep, "--spark=spark://127.0.0.1:" + Processes.freePort(), "--out=nowhere");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.err()).contains("The Spark master spark://127.0.0.1:", " does not answer: ");
        assertThat(ended.err()).doesNotContain("\tat ");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aWorkerWithoutTheData() throws Exception {
        // A relative path leads a worker into its own working folder.
        Path relative =
                Files.writeString(folder.resolve("relative.yaml"), SWEEP.formatted(table.getFileName(), EPOCHS));

        Processes.Ended ended = run("sweep", relative, "--spark=" + master, "--spark-data=read", "--out=no-data");

        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
        assertThat(ended.err())
                .containsPattern("Worker 127.0.0.1 \\(executor \\d\\) cannot carry out a run: .*digits.csv")
                .doesNotContain("\tat ");
        // Though other workers were busy with theirs.
        assertThat(folder.resolve("no-data")).isDirectoryNotContaining("glob:**/.incoming-*");
    }

    /** The jars of a worker hold another bpnn, which comes before the one that is sent. */
    @Test
    void aWorkerWithAnotherProgram() throws Exception {
        Path home = Files.createDirectories(folder.resolve("other-home"));
        Path jars = Files.createDirectory(home.resolve("jars"));
        try (Stream<Path> all = Files.list(Processes.HOME.resolve("jars"))) {
            for (Path jar : all.toList()) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
            }
        }
        Path other = Files.copy(Processes.JAR, jars.resolve("a-bpnn.jar"));
        try (FileSystem zip = FileSystems.newFileSystem(other)) {
            Files.writeString(zip.getPath("/changed"), "by somebody");
        }
        String own = processes.master();
        processes.worker(own, home, false);

        Processes.Ended ended = run("sweep", sweep, "--spark=" + own, "--out=other-program");

        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(3);
        assertThat(ended.err())
                .contains("cannot carry out a run: it runs another bpnn", "a-bpnn.jar has the SHA-256")
                .doesNotContain("\tat ");
    }
}
