package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtException;
import bpnn.app.Cli;
import bpnn.app.OnnxComparison;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.io.safetensors.SafetensorsReader;
import bpnn.io.safetensors.SafetensorsWriter;
import bpnn.io.tensor.TensorFile;
import bpnn.mnist.IdxFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {
    @TempDir
    Path folder;

    private Path train(String... options) {
        Object[] arguments = new Object[7 + options.length];
        Object[] fixed = {
            "train",
            "--backend=reference",
            "--dataset=" + TinyData.in(folder),
            "--out=" + folder.resolve("run"),
            "--batch-size=50",
            "--quiet",
            "--epochs=3"
        };
        System.arraycopy(fixed, 0, arguments, 0, fixed.length);
        System.arraycopy(options, 0, arguments, fixed.length, options.length);
        Cli cli = Cli.run(arguments);
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        return folder.resolve("run/model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--hidden=20,10 --batch-norm --dropout=0.2",
                "--hidden=16 --activation=relu --normalize=standard",
                "--hidden=8,8,8 --activation=sigmoid --normalize=none",
                "--hidden=12,9 --activation=leaky-relu",
                "--hidden=12,9 --activation=gelu --dropout=0.1,0.3",
                "--hidden=12 --activation=silu --batch-norm --input-dropout=0.1",
                "--hidden=none"
            })
    void onnxRuntimeReadsTheSameDigits(String options) throws OrtException {
        Path model = train(options.split(" "));
        Path onnx = folder.resolve("model.onnx");

        Cli cli = Cli.run("export", "--model", model, "--onnx", onnx);

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        OnnxComparison.compare(model, onnx, IdxFolder.load(TinyData.in(folder)).test());
    }

    @Test
    void onnxRuntimeReadsTheSameDigitsOfMnist() throws OrtException {
        Path mnist = Path.of(System.getProperty("bpnn.mnist.dir", ""));
        assumeTrue(Files.exists(mnist.resolve("t10k-images-idx3-ubyte.gz")), "MNIST is not in " + mnist);
        Path model = folder.resolve("mnist/model.safetensors");
        Cli trained = Cli.run(
                "train",
                "--backend=cpu",
                "--dataset=" + mnist,
                "--out=" + model.getParent(),
                "--hidden=64",
                "--batch-norm",
                "--dropout=0.2",
                "--limit=5000",
                "--validation=100",
                "--epochs=1",
                "--quiet");
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        Path onnx = folder.resolve("mnist.onnx");
        assertThat(Cli.run("export", "--model", model, "--onnx", onnx).exitCode())
                .isZero();

        OnnxComparison.compare(model, onnx, IdxFolder.load(mnist).test());
    }

    @Test
    void anExportedArchiveIsTheSameModel() {
        Path model = train("--hidden=12", "--batch-norm");
        Path npz = folder.resolve("model.npz");

        String exported = Cli.run("export", "--model", model, "--npz", npz, "--json")
                .json()
                .get("weightsSha256")
                .textValue();
        Cli eval = Cli.run("eval", "--backend=reference", "--model", npz, "--dataset", TinyData.in(folder), "--json");

        assertThat(eval.exitCode()).as(eval.err()).isZero();
        assertThat(eval.json().get("weightsSha256").textValue()).isEqualTo(exported);
        assertThat(eval.err()).doesNotContain("assumed");
    }

    @Test
    void anArchiveKeepsActivationAndScaling() {
        Path model = train("--hidden=12", "--activation=relu", "--normalize=standard");
        Path npz = folder.resolve("relu.npz");
        assertThat(Cli.run("export", "--model", model, "--npz", npz).exitCode()).isZero();

        for (String options : List.of("", "--activation=relu --normalize=standard")) {
            assertThat(eval(npz, options).json().get("loss"))
                    .isEqualTo(eval(model, options).json().get("loss"));
        }
        Cli other = eval(npz, "--activation=tanh");
        assertThat(other.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(other.err()).contains(npz + " says that its activation is relu, so tanh would not give");
    }

    /** As another program writes it: tensors and nothing else. */
    @Test
    void whatAFileLacksIsSaidByOptions() {
        Path model = train("--hidden=12", "--activation=relu", "--normalize=none");
        Path foreign = folder.resolve("foreign.safetensors");
        SafetensorsWriter.write(
                foreign, TensorFile.of(Map.of(), SafetensorsReader.read(model).tensors()));

        Cli said = eval(foreign, "--activation=relu --normalize=none");
        Cli unsaid = eval(foreign, "");

        assertThat(said.json().get("loss")).isEqualTo(eval(model, "").json().get("loss"));
        assertThat(said.err()).doesNotContain("assumed");
        assertThat(unsaid.json().get("loss")).isNotEqualTo(said.json().get("loss"));
        assertThat(unsaid.err()).contains("tanh is assumed", "pixels / 255 are assumed");
        assertThat(Cli.run("export", "--model", foreign, "--activation=relu", "--onnx", folder.resolve("f.onnx"))
                        .err())
                .contains("pixels / 255 are assumed")
                .doesNotContain("tanh");
    }

    private Cli eval(Path model, String options) {
        List<Object> arguments = new ArrayList<>(List.of("eval", "--backend=reference", "--json", "--model", model));
        arguments.addAll(List.of("--dataset", TinyData.in(folder)));
        arguments.addAll(Stream.of(options.split(" "))
                .filter(option -> !option.isEmpty())
                .toList());
        return Cli.run(arguments.toArray());
    }

    @Test
    void trainingBeginsWithTheWeightsOfAnArchive() {
        Path model = train("--hidden=12");
        Path npz = folder.resolve("model.npz");
        String exported = Cli.run("export", "--model", model, "--npz", npz, "--json")
                .json()
                .get("weightsSha256")
                .textValue();

        Cli again = Cli.run(
                "train",
                "--backend=reference",
                "--dataset=" + TinyData.in(folder),
                "--hidden=12",
                "--init=" + npz,
                "--steps=1",
                "--optimizer=sgd",
                "--learning-rate=1e-30",
                "--out=" + folder.resolve("again"),
                "--json");

        assertThat(again.json().get("weightsSha256").textValue()).isEqualTo(exported);
    }

    @Test
    void withoutAFormatThereIsNothingToDo() {
        Cli cli = Cli.run("export", "--model", folder.resolve("any.safetensors"));

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("There is nothing to write");
        Cli damaged = Cli.run(
                "export",
                "--model",
                Path.of("../bpnn-io/src/test/resources/numpy/float32.npz").toAbsolutePath(),
                "--npz",
                folder.resolve("no/x"));
        assertThat(damaged.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(damaged.err()).contains("could not be written: there is no such file or folder");
    }
}
