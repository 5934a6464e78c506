package bpnn.app.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits of runs that plug-ins computed: one with a wrong kernel, one in fast arithmetic. */
class AuditPluginTest {
    @TempDir
    Path folder;

    private PluginJars plugins;

    @BeforeEach
    void createFolder() throws IOException {
        plugins = new PluginJars(Files.createDirectory(folder.resolve("plugins")));
    }

    private void plugin(String backend, String kernels) throws IOException {
        plugins.jar(
                "x.jar",
                "plugin.X",
                PluginJars.provider("X", "x", "", "return new XBackend();", ""),
                backend,
                """
                package plugin;
                import bpnn.spi.*;
                public class XKernels extends Reference {
                public XKernels(Backend backend) { super(backend); }
                    %s
                }
                """.formatted(kernels));
    }

    private void train(String run, String... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "train",
                "--plugins=" + plugins.plugins(),
                "--dataset=" + TinyData.in(folder),
                "--out=" + folder.resolve(run),
                "--hidden=8",
                "--batch-size=20",
                "--validation=60",
                "--epochs=2",
                "--batch-norm",
                "--trace-states=1",
                "--quiet"));
        arguments.addAll(List.of(more));
        if (!List.of(more).contains("--trace=1")) {
            arguments.add("--trace");
        }
        Cli cli = Cli.run(arguments.toArray());
        assertThat(cli.exitCode()).as(cli.err()).isZero();
    }

    private Cli audit(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "audit", folder.resolve("run"), "--backend=reference", "--plugins=" + plugins.plugins(), "--all"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    /** One element of one result is one unit in the last place too large, for every sixteenth value. */
    private static final String WRONG = """
            public void batchNormBackward(Matrix x, Matrix gamma, Matrix mean, Matrix invStd, Matrix dy, Matrix dgamma,
                    Matrix dbeta, Matrix dx) {
                super.batchNormBackward(x, gamma, mean, invStd, dy, dgamma, dbeta, dx);
                float[] value = new float[1];
                dgamma.buffer().download(dgamma.offset() + 5, value, 0, 1);
                if ((Float.floatToIntBits(value[0]) & 15) == 3) {
                    value[0] = Math.nextUp(value[0]);
                    dgamma.buffer().upload(dgamma.offset() + 5, value, 0, 1);
                }
            }
            """;

    /** The links of a trace at every step say independently which step it must be. */
    @Test
    void aWrongKernelIsFound() throws IOException {
        plugin(PluginJars.backend("XBackend", "new XKernels(this)"), WRONG);
        train("run", "--backend=x");
        train("fine", "--backend=x", "--trace=1");
        train("right", "--backend=reference", "--trace=1");
        List<String> wrong = Files.readAllLines(folder.resolve("fine/trace.jsonl"));
        List<String> right = Files.readAllLines(folder.resolve("right/trace.jsonl"));
        int step = 1;
        while (state(wrong.get(step + 1)).equals(state(right.get(step + 1)))) {
            step++;
        }
        assertThat(step).isBetween(2, 23);

        Cli cli = audit("--locate");
        Cli json = audit("--locate", "--json");
        Cli unlocated = audit();

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(1);
        assertThat(cli.out())
                .contains("The state after step " + (step <= 12 ? 12 : 24) + " has the hash ")
                .contains("in the trace, but ", " when computed again; ")
                .containsPattern(
                        "Step " + step + ", kernel call \\d+, batchNormLayerBackward: dgamma\\[0, 5\\] is .* on x, but"
                                + " .* on reference; everything before it is the same");
        assertThat(json.json().at("/location/step").intValue()).isEqualTo(step);
        double claimed = json.json().at("/location/claimed").doubleValue();
        assertThat((float) claimed)
                .isEqualTo(Math.nextUp((float) json.json().at("/location/found").doubleValue()));
        assertThat(unlocated.out()).doesNotContain("kernel call");
    }

    private static String state(String line) {
        return line.replaceAll(".*\"stateSha256\":\"([0-9a-f]*)\".*", "$1");
    }

    @Test
    void aBackendThatIsNotHereCannotBeAsked() throws IOException {
        plugin(PluginJars.backend("XBackend", "new XKernels(this)"), WRONG);
        train("run", "--backend=x");
        Files.delete(plugins.plugins().resolve("x.jar"));

        Cli cli = audit("--locate");

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(1);
        assertThat(cli.out()).contains("Backend x cannot be asked here: ");
    }

    /** Sums from the other end: other bits, and honest ones. */
    private static final String REVERSED = """
            public void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c) {
                int k = transA ? a.rows() : a.cols();
                float[] x = HeapBuffer.floats(a);
                float[] y = HeapBuffer.floats(b);
                float[] z = HeapBuffer.floats(c);
                for (int i = 0; i < c.rows(); i++) {
                    for (int j = 0; j < c.cols(); j++) {
                        float sum = 0;
                        for (int l = k - 1; l >= 0; l--) {
                            float left = x[a.offset() + (transA ? l * a.cols() + i : i * a.cols() + l)];
                            float right = y[b.offset() + (transB ? j * b.cols() + l : l * b.cols() + j)];
                            sum += left * right %s;
                        }
                        int at = c.offset() + i * c.cols() + j;
                        z[at] = alpha * sum + (beta == 0 ? 0 : beta * z[at]);
                    }
                }
            }
            """;

    private void fastPlugin(String factor) throws IOException {
        plugin(
                PluginJars.backend("XBackend", "new XKernels(this)").replace("Numerics.EXACT", "Numerics.FAST"),
                REVERSED.formatted(factor));
    }

    @Test
    void fastArithmeticIsFollowedForAFewSteps() throws IOException {
        fastPlugin("");
        train("run", "--backend=x");

        Cli cli = audit();

        assertThat(cli.exitCode()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.out())
                .contains("2 of 2 short ways that were followed agree with float64 within rounding errors")
                .contains("this is weaker than an audit of exact arithmetic");
        assertThat(cli.err()).contains("steps 1 to 3: within the bounds of rounding.", "steps 13 to 15: within");
    }

    /** Operands of products rounded to ten bits are TF32, and no float32. */
    @Test
    void coarseArithmeticIsNoticed() throws IOException {
        fastPlugin("* (1 + 0x1p-12f * (l & 1))");
        train("run", "--backend=x");

        Cli cli = audit();

        assertThat(cli.exitCode()).as(cli.out() + cli.err()).isEqualTo(1);
        assertThat(cli.out())
                .containsPattern("In steps 1 to 3, .* times as far from float64 as rounding errors make it; 4 times");
    }
}
