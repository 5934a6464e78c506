package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import bpnn.io.model.Model;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.NetworkSpec;
import bpnn.spi.ReferenceBackend;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/library.md, as their reader would run them: with the modules that their first lines name. */
class LibraryTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path DOCUMENT = PROJECT.resolve("docs/library.md");

    @TempDir
    Path folder;

    @Test
    void aNetworkIsTrainedAndReadsADigit() throws Exception {
        run("Digits");

        assertThatItLearntAndRead();
    }

    @Test
    void itDoesSoAsAModuleToo() throws Exception {
        Files.createDirectories(folder.resolve("source/digits"));
        Path descriptor = Files.writeString(folder.resolve("source/module-info.java"), block("module digits"));
        Path source = Files.writeString(
                folder.resolve("source/digits/Digits.java"), "package digits;\n" + block("class Digits"));
        Path classes = folder.resolve("classes");
        String path = path(Set.of("bpnn-api", "bpnn-cpu", "bpnn-mnist"), false);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        said,
                        said,
                        List.of("-p", path, "-d", classes.toString(), descriptor.toString(), source.toString())
                                .toArray(new String[0]));
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();

        java("-p", path + File.pathSeparator + classes, "-m", "digits/digits.Digits");

        assertThatItLearntAndRead();
    }

    @Test
    void aModelIsExportedForOnnxRuntime() throws Exception {
        Path model = folder.resolve("model.safetensors");
        NetworkSpec spec = NetworkSpec.plain(16, List.of(8, 4), 3);
        try (ReferenceBackend backend = new ReferenceBackend();
                TensorScope scope = new TensorScope(backend)) {
            Network network = new Network(new Ops(backend), scope, spec, 1, 1);
            network.initialise(Initialiser.XAVIER, 1);
            new Model(spec, InputScaling.unit(), network.state()).write(model, Map.of());
        }
        Path onnx = folder.resolve("model.onnx");

        run("Export", model, onnx);

        assertThat(out()).isEqualTo("16 pixels, [8, 4] hidden units, 3 classes: " + onnx + "\n");
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx.toString())) {
            assertThat(session.getInputNames()).containsExactly("pixels");
            assertThat(session.getOutputNames()).contains("probabilities");
        }
    }

    @Test
    void anExperimentOfOnesOwnEndsInAReport() throws Exception {
        Path out = folder.resolve("experiment");

        run("Optimizers", out);

        assertThat(out()).startsWith("Adam ").contains("validation loss than plain gradient descent");
        assertThat(Files.readString(out.resolve("report.html"))).contains("plain gradient descent");
        assertThat(out.resolve("charts/overview.png")).isNotEmptyFile();
        assertThat(out.resolve("runs/adam-seed-3/result.json")).isNotEmptyFile();
    }

    @Test
    void twoBackendsAreCompared() throws Exception {
        Path out = Files.createDirectories(folder.resolve("comparison"));

        run("TwoBackends", out);

        assertThat(out()).startsWith("SAME_BITS: Same bits: scalar and vectors end with the same weights.");
        assertThat(out.resolve("comparison.html")).isNotEmptyFile();
        assertThat(out.resolve("comparison.txt")).content().contains("scalar against vectors");
    }

    /** Runs a program of the document as a single file, on a class path without any other module of the project. */
    private void run(String program, Path... arguments) throws Exception {
        String text = block("class " + program);
        Path source = Files.writeString(folder.resolve(program + ".java"), text);
        Set<String> modules = new TreeSet<>();
        for (String module : all(text, "//DEPS bpnn:(bpnn-[a-z]+):")) {
            addWithDependencies(module, modules);
        }
        List<String> command = new ArrayList<>();
        all(text, "//RUNTIME_OPTIONS (.+)").forEach(options -> command.addAll(List.of(options.split(" "))));
        command.addAll(List.of("-cp", path(modules, true), source.toString()));
        for (Path argument : arguments) {
            command.add(argument.toString());
        }
        java(command.toArray(new String[0]));
    }

    /** A module of the project and those it needs at run time, from its pom.xml. */
    private static void addWithDependencies(String module, Set<String> modules) throws IOException {
        if (modules.add(module)) {
            String pom = Files.readString(PROJECT.resolve(module).resolve("pom.xml"));
            for (String dependency : all(pom, "(?s)<dependency>(.*?)</dependency>")) {
                if (!dependency.contains("<scope>test</scope>")) {
                    for (String needed : all(dependency, "<artifactId>(bpnn-[a-z]+)</artifactId>")) {
                        addWithDependencies(needed, modules);
                    }
                }
            }
        }
    }

    /** The tests' class path with no module of the project but {@code modules}, and with or without other libraries. */
    private static String path(Set<String> modules, boolean libraries) {
        Pattern own = Pattern.compile("(bpnn-(?!app|nd4j)[a-z]+)[/-](?:target/classes|[^/]*(?<!tests)\\.jar)");
        Pattern project = Pattern.compile("/bpnn-[a-z0-9]+/target/|/bpnn/bpnn-");
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> {
                    Matcher matcher = own.matcher(entry);
                    return matcher.find()
                            ? modules.contains(matcher.group(1))
                            : libraries && !project.matcher(entry).find();
                })
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void java(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("err")))
                .isZero();
    }

    private String out() throws IOException {
        return Files.readString(folder.resolve("out"), StandardCharsets.UTF_8);
    }

    private void assertThatItLearntAndRead() throws IOException {
        Matcher out = Pattern.compile("accuracy (0\\.[0-9]+)\na [0-9], with probability [01]\\.[0-9E-]+\n")
                .matcher(out());
        assertThat(out.matches()).as(Files.readString(folder.resolve("err"))).isTrue();
        assertThat(Double.parseDouble(out.group(1))).isGreaterThan(0.5);
    }

    /** The Java block of the document that declares something. */
    private static String block(String declaration) throws IOException {
        return all(Files.readString(DOCUMENT), "(?s)```java\n(.*?)```").stream()
                .filter(block -> block.contains(declaration))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("docs/library.md has no Java block with \"" + declaration + "\""));
    }

    private static List<String> all(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
