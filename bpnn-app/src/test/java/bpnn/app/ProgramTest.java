package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.session.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
    @TempDir
    Path folder;

    @Test
    void tellsItsVersion() {
        Cli cli = Cli.run("--version");

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out()).contains("bpnn ", "commit ", "Java " + Runtime.version());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "reproduce",
                "lr-find",
                "eval",
                "predict",
                "serve",
                "export",
                "experiment",
                "backends",
                "doctor",
                "data",
                "verify"
            })
    void everyCommandExplainsItself(String command) {
        Cli cli = Cli.run(command, "--help");

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out()).startsWith("Usage: bpnn " + command).contains("--json", "Exit codes");
        assertThat(cli.err()).isEmpty();
        assertThat(Cli.run("help", command)).isEqualTo(cli);
    }

    @Test
    void helpWithAnUnknownCommandIsAUsageError() {
        Cli cli = Cli.run("help", "trian");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("'trian'");
    }

    @Test
    void withoutACommandItShowsWhatThereIs() {
        Cli cli = Cli.run();

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("Usage: bpnn", "train", "eval", "predict", "backends", "data");
        assertThat(cli.out()).isEmpty();
    }

    @Test
    void aMisspeltCommandIsSuggested() {
        Cli cli = Cli.run("trian");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("'trian'", "Did you mean: bpnn train");
    }

    @Test
    void aMisspeltOptionIsSuggested() {
        Cli cli = Cli.run("train", "--droput", "0.5");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("'--droput'", "--dropout");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--batch-size 0 | --batch-size is 0, but must be at least 1.",
                "--batch-size -5 | --batch-size is -5, but must be at least 1.",
                "--epochs 0 | --epochs is 0, but must be at least 1.",
                "--epochs many | '--epochs': 'many' is not an int",
                "--steps 0 | --steps is 0, but must be at least 1.",
                "--log-steps 0 | --log-steps is 0, but must be at least 1.",
                "--limit 0 | --limit is 0, but must be at least 1.",
                "--validation -1 | --validation is -1, but must be at least 0.",
                "--dropout 1 | --dropout is 1.0, but must be at least 0 and less than 1.",
                "--dropout -0.1 | --dropout is -0.1, but must be at least 0 and less than 1.",
                "--dropout NaN | --dropout is NaN, but must be at least 0 and less than 1.",
                "--learning-rate -0.1 | --learning-rate is -0.1, but must be a positive number.",
                "--augment-shift -1 | --augment-shift is -1.0, but must be 0 or a positive number.",
                "--augment-rotation 180 | --augment-rotation is 180.0, but must be less than 180.",
                "--augment-scale 1 | --augment-scale is 1.0, but must be at least 0 and less than 1.",
                "--augment-shear NaN | --augment-shear is NaN, but must be 0 or a positive number.",
                "--augment-alpha -1 | --augment-alpha is -1.0, but must be 0 or a positive number.",
                "--augment-sigma 0.5 | --augment-sigma is 0.5, but must be at least 1 and finite.",
                "--ema 1 | --ema is 1.0, but must be at least 0 and less than 1.",
                "--swa 1.5 | --swa is 1.5, but must be between 0 and 1.",
                "--ema 0.9 --swa 0.5 | --ema and --swa are two averages of the weights; give one of them.",
                "--weight-decay 1 --decoupled-decay 1 | --weight-decay and --decoupled-decay are two ways of the same; give one of them.",
                "--dropout 0.1,0.2,0.3 | --dropout has 3 values, but must have one, or one for each of the 2 hidden layers.",
                "--dropout 0.1,1 | --dropout is 1.0, but must be at least 0 and less than 1.",
                "--input-dropout -1 | --input-dropout is -1.0, but must be at least 0 and less than 1.",
                "--learning-rate 0 | --learning-rate is 0.0, but must be a positive number.",
                "--learning-rate NaN | --learning-rate is NaN, but must be a positive number.",
                "--learning-rate Infinity | --learning-rate is Infinity, but must be a positive number.",
                "--hidden 0 | --hidden is \"0\", but must list",
                "--hidden 512,,512 | --hidden is \"512,,512\", but must list",
                "--hidden 9999999999 | --hidden is \"9999999999\", but must list",
                "--hidden many | --hidden is \"many\", but must list",
                "--activation softplus | 'softplus', but must be one of tanh, relu, sigmoid, leaky-relu, gelu, silu, identity",
                "--dropout-mask none | 'none', but must be one of per-example, per-batch",
                "--normalize 255 | '255', but must be one of none, unit, standard",
                "--optimizer lion | 'lion', but must be one of adam, sgd, momentum, nesterov, rmsprop",
                "--numerics loose | 'loose', but must be one of exact, fast",
                "--init orthogonal | --init is \"orthogonal\", but must be xavier, he, zero or a file",
                "--threads 0 | --threads is 0, but must be between 1 and 1024.",
                "--seed x | '--seed': 'x' is not a long",
                "--plugins nowhere | --plugins is nowhere, but that is not a folder.",
            })
    void impossibleOptionsAreNamedWithWhatIsExpected(String options, String sentence) {
        List<String> arguments = new ArrayList<>(List.of("train", "--backend", "reference"));
        arguments.addAll(List.of(options.split(" ")));

        Cli cli = Cli.run(arguments.toArray());

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains(sentence).doesNotContain("\tat ");
        assertThat(cli.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--validation 300 | --validation is 300, but must leave something of the 300 training images of tiny",
                "--batch-size 400 --no-shuffle | --batch-size is 400, but must make a full batch out of 250",
                "--batch-size 1 --batch-norm | --batch-size is 1, but must make a full batch of at least 2 images",
            })
    void optionsThatDoNotFitTheDataAreNamedToo(String options, String sentence) {
        List<Object> arguments = new ArrayList<>(
                List.of("train", "--backend", "reference", "--dataset", TinyData.in(folder), "--hidden", "4"));
        arguments.addAll(List.of(options.split(" ")));

        Cli cli = Cli.run(arguments.toArray());

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains(sentence);
    }

    @Test
    void anUnknownBackendListsWhatThereIs() {
        Cli cli = Cli.run("train", "--backend", "gpu", "--dataset", TinyData.in(folder));

        assertThat(cli.exitCode()).isEqualTo(ExitCode.BACKEND);
        assertThat(cli.err())
                .contains("There is no backend \"gpu\".")
                .contains("reference")
                .contains("Not available is missing: No such device was found. Buy one.");
    }

    @Test
    void anUnavailableBackendFailsWithItsReason() {
        Cli cli = Cli.run("train", "--backend", "missing", "--dataset", TinyData.in(folder));

        assertThat(cli.exitCode()).isEqualTo(ExitCode.BACKEND);
        assertThat(cli.err())
                .isEqualToIgnoringNewLines("Backend missing is not available: No such device was found. Buy one.");
    }

    @Test
    void theOptionWinsOverTheSystemProperty() {
        System.setProperty("backend", "missing");
        try {
            Path data = TinyData.in(folder);
            assertThat(Cli.run("train", "--dataset", data).exitCode()).isEqualTo(ExitCode.BACKEND);
            assertThat(Cli.run("train", "--dataset", data, "--backend", "gpu").err())
                    .contains("\"gpu\"");
        } finally {
            System.clearProperty("backend");
        }
    }

    @Test
    void anErrorOfTheProgramIsASentenceAndShowsItsTraceOnlyWhenAsked() {
        Path data = TinyData.in(folder);
        Cli brief = Cli.run("train", "--backend", "faulty", "--dataset", data);
        Cli verbose = Cli.run("train", "-v", "--backend", "faulty", "--dataset", data);

        assertThat(brief.exitCode()).isEqualTo(ExitCode.INTERNAL);
        assertThat(brief.err()).contains("This is an error of the program").doesNotContain("\tat ");
        assertThat(verbose.exitCode()).isEqualTo(ExitCode.INTERNAL);
        assertThat(verbose.err()).contains("\tat bpnn.");
    }

    @Test
    void aMissingDataFolderIsADataError() {
        Cli cli = Cli.run("train", "--backend", "reference", "--dataset", folder.resolve("nothing"));

        assertThat(cli.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(cli.err()).contains(folder.resolve("nothing").toString(), "does not exist");
    }

    @Test
    void backendsAreListedWithReasons() {
        Cli cli = Cli.run("backends");
        Cli json = Cli.run("backends", "--json");

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out())
                .containsPattern("reference +available +plain Java")
                .containsPattern("missing +not available +No such device was found.")
                .containsPattern("hint +Buy one.");
        assertThat(json.json().get("backends").findValuesAsText("id")).contains("reference", "missing", "faulty");
    }

    @Test
    void aBrokenPluginIsReportedAndTheProgramGoesOn() throws Exception {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Files.writeString(plugins.resolve("broken.jar"), "no jar");

        Cli cli = Cli.run("backends", "--plugins", plugins);

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.err()).contains("Warning: " + plugins.resolve("broken.jar") + " is left out.");
        assertThat(cli.out()).contains("reference");
    }

    @Test
    void dataCanBeDrawn() throws Exception {
        Path sheet = folder.resolve("sheet.png");
        Cli cli = Cli.run("data", "sheet", "--dataset", TinyData.in(folder), "--columns", "3", "--out", sheet);

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).contains(sheet);
        }
        assertThat(javax.imageio.ImageIO.read(sheet.toFile()).getWidth()).isEqualTo(3 * 28);
    }

    /** A name with NUL is no file's anywhere, as one with ? or * is none on Windows, or one with umlauts where the locale is C. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "train --out",
                "train --dataset",
                "train --data-dir",
                "train --init",
                "train --config",
                "train --tensorboard",
                "train --plugins",
                "eval --model",
                "predict --model m.safetensors",
                "serve --model",
                "export --model m.safetensors --onnx",
                "reproduce",
                "compare",
                "data sheet --out"
            })
    void whatCannotBeAPathIsAUsageError(String command) {
        List<Object> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.add("x\0y.npz");

        Cli cli = Cli.run(arguments.toArray());

        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err())
                .contains("cannot be the name of a file here (Nul character not allowed)")
                .doesNotContain("\tat ");
    }

    @Test
    void anUnknownOptionDoesNotMakeItsValueUnknown() {
        Cli cli = Cli.run("train", "--hiden", "3");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err())
                .startsWith("Unknown option: '--hiden'")
                .contains("--hidden")
                .doesNotContain("'3'");
    }
}
