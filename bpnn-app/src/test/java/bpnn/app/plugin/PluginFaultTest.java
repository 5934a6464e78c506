package bpnn.app.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plug-ins that can be loaded and opened, and fail when they compute. */
class PluginFaultTest {
    @TempDir
    Path folder;

    private PluginJars plugins;

    @BeforeEach
    void createFolder() throws IOException {
        plugins = new PluginJars(Files.createDirectory(folder.resolve("plugins")));
    }

    private Cli run(String command, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                command,
                "--plugins=" + plugins.plugins(),
                "--dataset=" + TinyData.in(folder),
                "--hidden=4",
                "--epochs=1"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    private static String provider() {
        return PluginJars.provider("X", "x", "", "return new XBackend();", "");
    }

    private static String kernels(String members) {
        return """
                package plugin;
                import bpnn.spi.*;
                public class XKernels extends Reference {
                    public XKernels(Backend backend) { super(backend); }
                    %s
                }
                """.formatted(members);
    }

    /** As built against an interface to come, which has something that this one has not. */
    private Path builtAgainstANewerInterface() throws IOException {
        String newer = """
                package bpnn.spi;
                public final class FloatingPoint {
                    public static void prepare() {}
                }
                """;
        return plugins.jar(
                "newer.jar",
                "plugin.X",
                name -> name.startsWith("plugin/"),
                newer,
                provider(),
                PluginJars.backend("XBackend", "new XKernels(this)"),
                kernels("public void advance(Matrix c, int b) { FloatingPoint.prepare(); super.advance(c, b); }"));
    }

    @Test
    void aKernelThatWantsANewerInterfaceIsReported() throws IOException {
        Path jar = builtAgainstANewerInterface();

        Cli cli = run("train", "--backend=x", "--out=" + folder.resolve("run"));

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.BACKEND);
        assertThat(cli.err())
                .contains("The backend from " + jar + " does not fit this program, whose backend interface has version "
                        + BackendProvider.API_VERSION)
                .contains("java.lang.NoSuchMethodError")
                .contains("ask its author for a version that fits.")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("run/run.json"))
                .content()
                .contains("\"status\" : \"failed\"", "FloatingPoint.prepare()");
    }

    /** The method is missing where the program calls it, so that no frame of the plug-in is in the trace. */
    @Test
    void aKernelThatIsMissingIsReported() throws IOException {
        String old = """
                package plugin;
                import bpnn.spi.*;
                public abstract class Old implements Kernels {
                    private final Scratch scratch;
                    Old(Backend backend) { scratch = new Scratch(backend); }
                    public Scratch scratch() { return scratch; }
                    public void map(UnaryOp op, Matrix x, Matrix y) {}
                    public void zip(BinaryOp op, Matrix a, Matrix b, Matrix y) {}
                    public void axpby(float alpha, Matrix x, float beta, Matrix y) {}
                    public void reduce(Reduction op, Axis axis, Matrix x, Matrix y) {}
                    public void gatherRows(Matrix t, Matrix o, Matrix p, float scale, float shift, Matrix y) {}
                    public void fill(Matrix y, float value) {}
                    %s
                }
                """;
        String gemm = "public void gemm(float a, Matrix x, boolean s, Matrix y, boolean t, float b, Matrix c) {}";
        String kernels = """
                package plugin;
                import bpnn.spi.*;
                public class XKernels extends Old { public XKernels(Backend backend) { super(backend); } }
                """;
        Path classes = Files.createDirectory(folder.resolve("old"));
        PluginJars.compile(classes, old.formatted(""));
        Path jar = plugins.jar(
                "incomplete.jar",
                "plugin.X",
                provider(),
                PluginJars.backend("XBackend", "new XKernels(this)"),
                old.formatted(gemm),
                kernels);
        plugins.replace(jar, "plugin/Old.class", classes.resolve("plugin/Old.class"));

        Cli train = run("train", "--backend=x", "--out=" + folder.resolve("run"));
        Cli verify = Cli.run("verify", "--backend=x", "--plugins", plugins.plugins(), "--only=float64: gemm");

        assertThat(train.exitCode()).as(train.err()).isEqualTo(ExitCode.BACKEND);
        assertThat(train.err())
                .contains("does not fit this program", "AbstractMethodError")
                .containsPattern("plugin[./]XKernels");
        assertThat(verify.exitCode()).isEqualTo(1);
        assertThat(verify.out()).contains("AbstractMethodError", "Backend x FAILS: 1 of 1 lines");
    }

    @Test
    void aKernelThatThrowsIsTheFaultOfItsPlugin() throws IOException {
        Path jar = plugins.jar(
                "x.jar",
                "plugin.X",
                provider(),
                PluginJars.backend("XBackend", "new XKernels(this)"),
                kernels("public void advance(Matrix c, int b) { throw new IllegalStateException(\"no power\"); }"));

        Cli cli = run("train", "--backend=x", "--out=" + folder.resolve("run"));

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.BACKEND);
        assertThat(cli.err())
                .contains("The backend from " + jar + " failed: java.lang.IllegalStateException: no power.")
                .contains("This is a fault of the plug-in")
                .doesNotContain("error of the program");
    }

    @Test
    void inAComparisonTheOthersAreTrainedAllTheSame() throws IOException {
        builtAgainstANewerInterface();

        Cli cli = run("compare", "--backends=reference,x", "--out=" + folder.resolve("both"));

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.BACKEND);
        assertThat(cli.err()).contains("does not fit this program");
        assertThat(folder.resolve("both/reference/run.json")).content().contains("\"status\" : \"done\"");
    }
}
