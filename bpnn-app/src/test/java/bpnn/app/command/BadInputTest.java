package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.io.model.Model;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import bpnn.spi.Activation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files and places that cannot be written: a sentence, the right exit code, and nothing is lost. */
class BadInputTest {
    @TempDir
    static Path folder;

    private static Path data;
    private static Path model;

    @BeforeAll
    static void train() throws IOException {
        data = TinyData.in(folder);
        Cli cli = run("train", "--dataset", data, "--hidden=4", "--epochs=1", "--out", folder.resolve("run"));
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        model = folder.resolve("run/model.safetensors");
        Cli export = run(
                "export", "--model", model, "--npz", folder.resolve("good.npz"), "--onnx", folder.resolve("good.onnx"));
        assertThat(export.exitCode()).as(export.err()).isZero();
    }

    private static Cli run(Object... arguments) {
        List<Object> all = new ArrayList<>(Arrays.asList(arguments));
        if (!arguments[0].equals("export")) {
            all.add(1, "--backend=reference");
        }
        return Cli.run(all.toArray());
    }

    private static void assertRefused(Cli cli, Object... words) {
        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.DATA);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).doesNotContain("\tat ", "Exception", "error of the program");
        for (Object word : words) {
            assertThat(cli.err()).contains(word.toString());
        }
    }

    /** Files that are no model, each with a name that tells how they came about. */
    static Stream<Path> noModels() throws IOException {
        byte[] whole = Files.readAllBytes(model);
        byte[] archive = Files.readAllBytes(folder.resolve("good.npz"));
        byte[] bent = whole.clone();
        bent[20] ^= 0x10;
        byte[] scrambled = archive.clone();
        Arrays.fill(scrambled, 100, 140, (byte) 'x');
        return Stream.of(
                file("empty.safetensors", new byte[0]),
                file("short.safetensors", Arrays.copyOf(whole, whole.length - 1)),
                file("long.safetensors", Arrays.copyOf(whole, whole.length + 4)),
                file("bent.safetensors", bent),
                file("text.safetensors", "no model at all".getBytes(StandardCharsets.UTF_8)),
                file("empty.npz", new byte[0]),
                file("short.npz", Arrays.copyOf(archive, archive.length / 2)),
                file("scrambled.npz", scrambled),
                file("text.npz", "no archive at all".getBytes(StandardCharsets.UTF_8)),
                folder.resolve("good.onnx"),
                folder.resolve("missing.safetensors"),
                folder);
    }

    private static Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    @ParameterizedTest
    @MethodSource("noModels")
    void aFileThatIsNoModelIsRefusedByEveryCommand(Path bad) {
        Path out = folder.resolve("never");

        assertRefused(run("eval", "--model", bad, "--dataset", data), bad);
        assertRefused(run("predict", "--model", bad, "--dataset", data, "--index=0"), bad);
        assertRefused(run("serve", "--model", bad), bad);
        assertRefused(run("export", "--model", bad, "--npz", out), bad);
        Cli train = run("train", "--dataset", data, "--hidden=4", "--init", bad, "--out", out);
        boolean named = bad.toString().matches(".*\\.(safetensors|npz)");
        assertThat(train.exitCode()).as(train.err()).isEqualTo(named ? ExitCode.DATA : ExitCode.USAGE);
        assertThat(train.err()).contains(bad.toString()).doesNotContain("\tat ", "error of the program");
        assertThat(out.resolve("model.safetensors")).doesNotExist();
        assertThat(Files.isRegularFile(out)).isFalse();
    }

    /** Found by the fuzzer: the header of an array went to the terminal as it was. */
    @Test
    void whatAForeignFileSaysIsNotObeyedByTheTerminal() throws IOException {
        byte[] header = "{'descr': '\u001b[2J\u001b]0;x\u0007<f4'}".getBytes(StandardCharsets.ISO_8859_1);
        Path bad = folder.resolve("escape.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bad))) {
            zip.putNextEntry(new ZipEntry("fc1.weight.npy"));
            zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0});
            zip.write(header);
        }

        Cli cli = run("eval", "--model", bad, "--dataset", data);

        assertRefused(cli, bad, "is not understood", "?[2J");
        assertThat(cli.err()).doesNotContainPattern("[\\p{Cc}&&[^\n\r]]");
    }

    @Test
    void anOnnxFileIsToldFromADamagedOne() {
        assertRefused(run("eval", "--model", folder.resolve("good.onnx"), "--dataset", data), "ONNX", "safetensors");
    }

    @Test
    void aModelOfOtherShapesThanTheDataIsRefused() {
        Path small = folder.resolve("small.safetensors");
        Map<String, StateTensor> state = Map.of(
                "fc1.weight", new StateTensor(List.of(2, 4), new float[8]), "fc1.bias", StateTensor.vector(0, 0));
        new Model(
                        new NetworkSpec(4, List.of(), 2, Activation.TANH, 0, false, false),
                        InputScaling.unit(),
                        new TreeMap<>(state))
                .write(small, Map.of());

        assertRefused(
                run("eval", "--model", small, "--dataset", data),
                "The model tells the classes 0, 1 apart",
                "are of the classes 0, 1, 2");
        assertRefused(
                run("predict", "--model", small, "--dataset", data, "--index=0"),
                "The model tells the classes 0, 1 apart");
        assertRefused(
                run("train", "--dataset", data, "--hidden=4", "--init", small, "--out", folder.resolve("other")),
                small,
                "does not fit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [1", "\t- x", "a: \"", "\u0000", "%YAML 9.9\n---\na", "? [a", "&a [*a]"})
    void aDamagedConfigurationIsRefused(String text) throws IOException {
        Path bad = file("bad.yaml", text.getBytes(StandardCharsets.UTF_8));

        Cli cli = run("train", "--config", bad, "--dataset", data, "--out", folder.resolve("never"));

        assertThat(cli.exitCode()).as(cli.err()).isIn(ExitCode.DATA, ExitCode.USAGE);
        assertThat(cli.err()).contains(bad.toString()).doesNotContain("\tat ", "error of the program");
        assertThat(folder.resolve("never")).doesNotExist();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderThatCannotBeWrittenIsNamedBeforeAnythingIsTrained() throws IOException {
        Path inTheWay = file("in-the-way", new byte[] {1});

        assertRefused(
                run("train", "--dataset", data, "--hidden=4", "--out", inTheWay.resolve("run")),
                "The run folder " + inTheWay.resolve("run") + " could not be created");
        assertRefused(run("train", "--dataset", data, "--hidden=4", "--out", inTheWay), "The run folder " + inTheWay);
        // Nobody may write here, not even root.
        assertRefused(
                run("train", "--dataset", data, "--hidden=4", "--out", "/proc/run"), "/proc/run", "not be created");
        assertRefused(run("train", "--dataset", data, "--hidden=4", "--out", "/proc"), "/proc", "could not be written");
        assertRefused(run("export", "--model", model, "--onnx", "/proc/m.onnx"), "/proc/m.onnx could not be written");
        assertRefused(
                run(
                        "train",
                        "--dataset",
                        data,
                        "--hidden=4",
                        "--tensorboard",
                        inTheWay.resolve("events"),
                        "--out",
                        folder.resolve("board")),
                inTheWay.resolve("events"));
        assertThat(inTheWay).hasBinaryContent(new byte[] {1});
    }

    /** A folder that does not exist would be an error too, but a later one. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatCannotBeWrittenIsFoundBeforeTheDataAreLoaded() throws IOException {
        Path inTheWay = file("in-the-way-too", new byte[] {1});
        Path nowhere = folder.resolve("no-such-data");
        for (String command : new String[] {"train", "compare --backends=cpu,reference", "experiment scaling"}) {
            List<Object> arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.addAll(List.of("--dataset", nowhere, "--out", inTheWay.resolve("run")));

            assertRefused(Cli.run(arguments.toArray()), inTheWay.resolve("run") + " could not be created: ");
        }
        assertRefused(
                Cli.run("lr-find", "--dataset", nowhere, "--out", inTheWay.resolve("x.png")),
                inTheWay.resolve("x.png") + " could not be written: ");
        assertRefused(
                Cli.run("data", "sheet", "--dataset", nowhere, "--out", folder),
                folder + " could not be written: it is a folder");
    }
}
