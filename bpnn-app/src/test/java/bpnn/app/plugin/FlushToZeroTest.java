package bpnn.app.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.backend.IsolatedCall;
import bpnn.spi.FloatingPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plug-ins with a native library that switches to flush-to-zero; it is built with gcc, and without one this is skipped. */
class FlushToZeroTest {
    private static final String SOURCE = """
            #include <jni.h>
            #include <xmmintrin.h>
            JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
                _mm_setcsr(_mm_getcsr() | 0x8040);
                return JNI_VERSION_1_8;
            }
            """;

    @TempDir
    Path folder;

    private PluginJars plugins;
    private String load = "";

    @BeforeEach
    void build() throws Exception {
        assumeTrue(
                System.getProperty("os.arch").equals("amd64")
                        && System.getProperty("os.name").equals("Linux"),
                "The library is for Linux on x86-64.");
        plugins = new PluginJars(Files.createDirectory(folder.resolve("plugins")));
        Path include = Path.of(System.getProperty("java.home"), "include");
        Path library = folder.resolve("libflush.so");
        Path source = Files.writeString(folder.resolve("flush.c"), SOURCE);
        assumeTrue(
                succeeds(
                        "gcc",
                        "-shared",
                        "-fPIC",
                        "-I" + include,
                        "-I" + include.resolve("linux"),
                        "-o",
                        library.toString(),
                        source.toString()),
                "There is no gcc, or no jni.h beside this Java, to build a library with.");
        load = "System.load(\"" + library + "\");";
    }

    private boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("gcc.txt").toFile())
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void theTestsOwnThreadIsUnharmed() {
        assertThat(FloatingPoint.keepsSubnormals()).isTrue();
    }

    /** In a thread of its own, since the program's main thread is what is harmed. */
    private IsolatedCall<Cli> run(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(more));
        arguments.add("--plugins=" + plugins.plugins());
        return IsolatedCall.run("main", () -> Cli.run(arguments.toArray()));
    }

    private IsolatedCall<Cli> runOnTinyData(String... more) {
        List<Object> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of(
                "--dataset=" + TinyData.in(folder), "--hidden=4", "--epochs=1", "--out=" + folder.resolve("run")));
        return run(arguments.toArray());
    }

    @Test
    void aPluginThatDoesItWhileItIsAskedWhoItIsIsLeftOut() throws IOException {
        String source = PluginJars.provider("X", "x", "", "return null;", "");
        Path jar =
                plugins.jar("x.jar", "plugin.X", source.replace("return API_VERSION;", load + " return API_VERSION;"));

        IsolatedCall<Cli> outcome = run("backends");

        assertThat(outcome.value().exitCode()).isZero();
        assertThat(outcome.value().err())
                .contains("Warning: " + jar + " is left out.")
                .contains("Since it reported its identity, this thread flushes subnormals to zero");
        assertThat(outcome.value().out()).contains("reference");
        assertThat(outcome.keepsSubnormals()).isTrue();
    }

    @Test
    void aPluginThatDoesItWhileItIsProbedIsNotAvailable() throws IOException {
        String probe = "return new Availability.Available(\"device of \" + id()";
        String source = PluginJars.provider("X", "x", "", "return null;", "");
        plugins.jar("x.jar", "plugin.X", source.replace(probe, load + probe));

        IsolatedCall<Cli> outcome = run("backends");

        assertThat(outcome.value().out()).containsPattern("x +not available +Since its probe, this thread flushes");
        assertThat(outcome.keepsSubnormals()).isTrue();
    }

    @Test
    void aPluginThatDoesItWhileItIsOpenedIsUsedWithAWarning() throws IOException {
        plugins.jar(
                "x.jar",
                "plugin.X",
                PluginJars.provider("X", "x", "", load + " return new XBackend();", ""),
                PluginJars.backend("XBackend", "new Reference(this)"));

        IsolatedCall<Cli> outcome = runOnTinyData("train", "--backend=x");

        assertThat(outcome.value().exitCode()).as(outcome.value().err()).isZero();
        assertThat(outcome.value().err())
                .contains("Warning: Since backend x was opened, this thread flushes subnormals");
        assertThat(folder.resolve("run/run.json")).content().contains("\"keepsSubnormals\" : false");
        assertThat(outcome.keepsSubnormals()).isFalse();
    }

    @Test
    void aPluginThatDoesItWhileItComputesIsUsedWithAWarningToo() throws IOException {
        computingPlugin();

        IsolatedCall<Cli> outcome = runOnTinyData("train", "--backend=x");

        assertThat(outcome.value().exitCode()).as(outcome.value().err()).isZero();
        assertThat(outcome.value().err())
                .contains("Warning: Since the first training steps, this thread flushes subnormals to zero")
                .doesNotContain("was opened, this thread");
        assertThat(folder.resolve("run/run.json")).content().contains("\"keepsSubnormals\" : false");
    }

    @Test
    void theKitFindsItInTheLineThatNamesIt() throws IOException {
        computingPlugin();

        IsolatedCall<Cli> outcome = run("verify", "--backend=x", "--only=subnormal");

        assertThat(outcome.value().exitCode()).isEqualTo(1);
        assertThat(outcome.value().out())
                .contains("FAILED  NaN, infinity, signed zero, subnormals: the calling thread keeps subnormals")
                .contains("Since kernels ran, this thread flushes subnormals to zero, in Java too");
    }

    @Test
    void inAComparisonTheBackendAfterItIsUnharmed() throws IOException {
        computingPlugin();

        IsolatedCall<Cli> outcome = runOnTinyData("compare", "--backends=x,reference");

        assertThat(outcome.value().err()).contains("Backend x made its thread flush subnormals to zero");
        assertThat(folder.resolve("run/x/run.json")).content().contains("\"keepsSubnormals\" : false");
        assertThat(folder.resolve("run/reference/run.json")).content().contains("\"keepsSubnormals\" : true");
        assertThat(outcome.keepsSubnormals()).isTrue();
    }

    private void computingPlugin() throws IOException {
        plugins.jar(
                "x.jar",
                "plugin.X",
                PluginJars.provider("X", "x", "", "return new XBackend();", ""),
                PluginJars.backend("XBackend", "new XKernels(this)"),
                """
                package plugin;
                import bpnn.spi.*;
                public class XKernels extends Reference {
                    private static boolean loaded;
                    public XKernels(Backend backend) { super(backend); }
                    public void gemm(float a, Matrix x, boolean s, Matrix y, boolean t, float b, Matrix c) {
                        if (!loaded) { loaded = true; %s }
                        super.gemm(a, x, s, y, t, b, c);
                    }
                }
                """.formatted(load));
    }
}
