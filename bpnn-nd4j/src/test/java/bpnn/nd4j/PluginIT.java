package bpnn.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar in a plug-in folder, run as a user would. */
@Timeout(240)
class PluginIT {
    private static final Path JAR = Path.of(System.getProperty("bpnn.plugin.jar"));
    private static final Path APP = Path.of(System.getProperty("bpnn.app.target"));

    @TempDir
    Path folder;

    /** Output and exit code of the program. */
    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void copyTheJar() throws IOException {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Files.copy(JAR, plugins.resolve(JAR.getFileName()));
    }

    @Test
    void itTrains() throws Exception {
        Platform.assume();
        Run run = run(
                "train",
                "--backend=nd4j",
                "--dataset=synthetic",
                "--limit=300",
                "--validation=50",
                "--hidden=20",
                "--batch-norm",
                "--dropout=0.2",
                "--epochs=1",
                "--json",
                "--out=" + folder.resolve("run"));
        assertThat(run.exitCode).as(run.err).isZero();
        assertThat(run.out).contains("\"backend\":\"nd4j\"").contains("\"numerics\":\"fast\"");
        assertThat(run.err)
                .contains("Backend nd4j: ")
                .doesNotContainIgnoringCase("slf4j")
                .doesNotContain("WARNING");
    }

    @Test
    void exactNumericsAreRejectedInASentence() throws Exception {
        Run run = run("train", "--backend=nd4j", "--numerics=exact", "--dataset=synthetic", "--limit=300");
        assertThat(run.exitCode).isEqualTo(3);
        assertThat(run.err).contains("nd4j").doesNotContain("\tat ");
    }

    @Test
    void anUncreatableNativeFolderIsAReason() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Run run = run(
                "-Dorg.bytedeco.javacpp.cachedir=" + file.resolve("cache"),
                "-Duser.home=" + file,
                "-Djava.io.tmpdir=" + file,
                "backends");
        assertThat(run.exitCode).isZero();
        assertThat(run.out).contains("cannot be written to").contains("-Dorg.bytedeco.javacpp.cachedir=DIR");
    }

    private Run run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        if (Runtime.version().feature() >= 23) {
            // Like the launcher.
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        List<String> words = List.of(arguments);
        words.stream().filter(word -> word.startsWith("-D")).forEach(command::add);
        command.addAll(List.of("-cp", app() + ":" + APP.resolve("lib") + "/*", "bpnn.app.Main"));
        words.stream().filter(word -> !word.startsWith("-D")).forEach(command::add);
        command.add("--plugins=" + folder.resolve("plugins"));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static Path app() throws IOException {
        try (Stream<Path> files = Files.list(APP)) {
            return files.filter(file -> file.getFileName().toString().matches("bpnn-app-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
