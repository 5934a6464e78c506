package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A training with dropout and batch normalisation ends with the same weights, bit for bit, whatever the vector width, the
 * number of threads and the JDK: all of them, and the plain definition of the kernels, must meet one and the same hash.
 * Each width needs a JVM of its own.
 */
class EqualBitsTest {
    private static final String WEIGHTS = "ada27a6eae5075d823bd6f318fb2236a22c789fce16fa27eadf2d98125394bee";

    @TempDir
    Path folder;

    @ParameterizedTest(name = "width {0}, {1} threads")
    @CsvSource({"scalar, 1", "128, 2", "256, 3", "512, 2", "preferred, 1"})
    @Timeout(120)
    void trainingGivesTheSameWeights(String width, int threads) throws Exception {
        assertThat(new ObjectMapper()
                        .readTree(lastLine(width, threads, training()))
                        .get("weightsSha256")
                        .asText())
                .isEqualTo(WEIGHTS);
    }

    /** What one width and number of threads computed, others and the definition compute again, link by link. */
    @Test
    @Timeout(240)
    void aTraceHoldsOnOtherHardware() throws Exception {
        List<String> traced = new ArrayList<>(training());
        traced.addAll(List.of("--trace=2", "--trace-states=2"));
        lastLine("preferred", 1, traced);
        List<String> audit = List.of("audit", folder.resolve("run").toString(), "--all", "--json");

        for (String line : List.of(
                lastLine("scalar", 2, audit),
                lastLine("256", 3, audit),
                lastLine("128", 1, audit),
                Cli.run("audit", folder.resolve("run"), "--all", "--json", "--backend=reference")
                        .out())) {
            JsonNode json = new ObjectMapper().readTree(line);
            assertThat(json.get("confirmed").booleanValue()).as(line).isTrue();
            assertThat(json.get("checked")).isEqualTo(json.get("segments"));
        }
    }

    private String lastLine(String width, int threads, List<String> arguments) throws Exception {
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(command(width, threads, arguments))
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            assertThat(process.waitFor(110, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(Files.readString(out) + Files.readString(folder.resolve("err")))
                .isZero();
        List<String> lines = Files.readAllLines(out);
        return lines.get(lines.size() - 1);
    }

    @Test
    void theDefinitionGivesTheSameWeights() {
        List<Object> arguments = new ArrayList<>(training());
        arguments.add("--backend=reference");
        assertThat(Cli.run(arguments.toArray()).json().get("weightsSha256").asText())
                .isEqualTo(WEIGHTS);
    }

    private static List<String> command(String width, int threads, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Dbpnn.cpu.width=" + width,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        command.addAll(List.of("--backend=cpu", "--threads=" + threads));
        return command;
    }

    private List<String> training() {
        return List.of(
                "train",
                "--dataset=synthetic",
                "--limit=333",
                "--validation=10",
                "--hidden=67,45",
                "--batch-size=50",
                "--schedule=constant",
                "--epochs=2",
                "--batch-norm",
                "--dropout=0.3",
                "--seed=1",
                "--json",
                "--quiet",
                "--out=" + folder.resolve("run"));
    }
}
