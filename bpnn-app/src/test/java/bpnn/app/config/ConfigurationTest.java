package bpnn.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.option.Recipe;
import bpnn.app.session.ExitCode;
import bpnn.io.file.Word;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigurationTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("bpnn.yaml");
    }

    private Cli print(String yaml, Object... more) throws IOException {
        Files.writeString(file, yaml);
        Object[] arguments = new Object[5 + more.length];
        arguments[0] = "train";
        arguments[1] = "--config";
        arguments[2] = file;
        arguments[3] = "--print-config";
        arguments[4] = "--quiet";
        System.arraycopy(more, 0, arguments, 5, more.length);
        return Cli.run(arguments);
    }

    @Test
    void aFlagCountsBeforeAPropertyBeforeTheEnvironmentBeforeTheFileBeforeTheRecipe() {
        Map<String, String> properties = Map.of("seed", "2");
        Map<String, String> environment = Map.of("BPNN_SEED", "3", "BPNN_BATCH_SIZE", "32");
        OptionSources sources = new OptionSources(
                properties::get,
                environment::get,
                Map.of("seed", "4", "batch-size", "16", "epochs", "8"),
                Map.of("seed", "5", "epochs", "9", "dropout", "0.1"));

        assertThat(sources.find("seed")).contains(new OptionSources.Sourced("2", "-Dseed"));
        assertThat(sources.find("batch-size"))
                .contains(new OptionSources.Sourced("32", "environment variable BPNN_BATCH_SIZE"));
        assertThat(sources.find("epochs")).contains(new OptionSources.Sourced("8", "configuration file"));
        assertThat(sources.find("dropout")).contains(new OptionSources.Sourced("0.1", "recipe"));
        assertThat(sources.find("limit")).isEmpty();
    }

    @Test
    void aRecipeIsABundleOfOptions() throws IOException {
        assertThat(print("epochs: 7", "--recipe", "strong", "--batch-size", 32).out())
                .contains(
                        "augment: elastic  # recipe",
                        "activation: relu  # recipe",
                        "epochs: 7  # configuration file",
                        "batch-size: 32  # command line",
                        "recipe: strong  # command line");
        assertThat(print("recipe: article").out())
                .contains("normalize: standard  # recipe", "recipe: article  # configuration file");
    }

    @ParameterizedTest
    @EnumSource(Recipe.class)
    void aRecipesOwnFileIsAConfiguration(Recipe recipe) throws IOException {
        String name = Word.of(recipe);
        String asRecipe = print("", "--recipe", name).out();
        String asFile = print(Files.readString(Path.of("..", "recipes", name + ".yaml")))
                .out();
        assertThat(asFile.replace("# configuration file", "# recipe") + "recipe: " + name + "  # command line\n")
                .satisfies(text -> assertThat(text.lines())
                        .hasSameElementsAs(asRecipe.lines().toList()));
        assertThat(recipe.text()).isEqualTo(Files.readString(Path.of("..", "recipes", name + ".yaml")));
    }

    @Test
    void anUnknownRecipeIsRefused() {
        Cli cli = Cli.run("train", "--recipe", "weak");
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.err())
                .contains("--recipe is not understood: it is 'weak', but must be one of article, quick, strong, best.");
        assertThat(Cli.run("train", "--recipe").err()).contains("--recipe needs the name of a recipe.");
    }

    @Test
    void theOptionsInForceArePrintedWithTheirOrigin() throws IOException {
        Cli cli = print("batch-size: 64\nhidden: [30, 20]\nbatch-norm: true\nlearning-rate: 0.01\n", "--epochs", 3);

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.out())
                .contains(
                        "batch-size: 64  # configuration file",
                        "hidden: \"30,20\"  # configuration file",
                        "batch-norm: true  # configuration file",
                        "learning-rate: 0.01  # configuration file",
                        "epochs: 3  # command line",
                        "activation: tanh  # default")
                .doesNotContain("print-config", "help");
    }

    @Test
    void aFlagOverridesTheFile() throws IOException {
        assertThat(print("seed: 5\nactivation: relu", "--seed", 6).out())
                .contains("seed: 6  # command line", "activation: relu  # configuration file");
    }

    @Test
    void aSwitchIsOnWhateverTheFileSays() throws IOException {
        assertThat(print("batch-norm: true", "--batch-norm").out()).contains("batch-norm: true  # command line");
        assertThat(print("batch-norm: false", "--batch-norm").out()).contains("batch-norm: true  # command line");
    }

    @Test
    @DisabledIfSystemProperty(
            named = "bpnn.cli.launcher",
            matches = ".+",
            disabledReason = "it sets a property of this JVM")
    void aPropertyOverridesTheFile() throws IOException {
        System.setProperty("seed", "9");
        try {
            assertThat(print("seed: 5").out()).contains("seed: 9  # -Dseed");
        } finally {
            System.clearProperty("seed");
        }
    }

    @Test
    void whatIsPrintedIsAConfigurationFile() throws IOException {
        String first = print("hidden: none\ninit: \"a b#c.safetensors\"\ndropout: 0.5", "--seed", 7)
                .out();

        assertThat(print(first).out().replaceAll(" {2}#.*", "")).isEqualTo(first.replaceAll(" {2}#.*", ""));
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestName() throws IOException {
        Cli cli = print("batchsize: 64");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("sets \"batchsize\", but there is no such option; did you mean \"batch-size\"?");
        assertThat(print("config: other.yaml").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void keysOfOtherCommandsAreAllowed() throws IOException {
        assertThat(print("model: some.safetensors\ncolumns: 7").exitCode()).isZero();
    }

    @Test
    void aValueThatCannotBeIsRefused() throws IOException {
        for (String yaml :
                new String[] {"epochs: many", "epochs: {a: 1}", "epochs:", "- epochs", "dropout: [0.1, {}]"}) {
            Cli cli = print(yaml);
            assertThat(cli.exitCode()).as(yaml).isEqualTo(ExitCode.USAGE);
            assertThat(cli.err()).as(yaml).isNotBlank().doesNotContain("\tat ");
        }
    }

    @Test
    void aFileThatIsNoYamlIsRefused() throws IOException {
        for (String yaml : new String[] {"epochs: [1", "epochs: 1\nepochs: 2", "\u0001", "a: &x [*x]\n", "\"a"}) {
            Cli cli = print(yaml);
            assertThat(cli.exitCode()).as(yaml).isIn(ExitCode.DATA, ExitCode.USAGE);
            assertThat(cli.err()).as(yaml).contains("bpnn.yaml").doesNotContain("\tat ");
        }
        assertThat(Cli.run("train", "--config", folder.resolve("missing.yaml")).err())
                .contains("there is no such file");
        assertThat(Cli.run("train", "--config").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatIsWrongIsSaidWithoutTheWordsOfTheParser() throws IOException {
        for (String yaml : new String[] {"a: " + "[".repeat(2000), "a: " + "{a: ".repeat(60), "- ".repeat(2000)}) {
            Cli cli = print(yaml);
            assertThat(cli.exitCode()).isEqualTo(ExitCode.DATA);
            assertThat(cli.err())
                    .contains(file + " cannot be used: it is nested too deeply, or a text or number in it is too long.")
                    .doesNotContain("StreamReadConstraints", "while parsing");
        }
        assertThat(print("epochs: @x").err())
                .contains("it is not valid YAML at line 1 (found character '@' that cannot start any token. ");
    }

    @Test
    void aFileInAnotherEncodingIsRefused() throws IOException {
        for (Charset encoding : new Charset[] {StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE}) {
            Files.write(
                    file,
                    "\ufeff# Größe\nepochs: 3\n"
                            .replace(encoding.equals(StandardCharsets.ISO_8859_1) ? "\ufeff" : "", "")
                            .getBytes(encoding));

            Cli cli = Cli.run("train", "--config", file, "--print-config");

            assertThat(cli.exitCode()).isEqualTo(ExitCode.DATA);
            assertThat(cli.err()).contains(file + " cannot be used: it is not in UTF-8. Save it in that encoding.");
        }
        assertThat(print("\ufeff# Größe\nepochs: 3\n").out()).contains("epochs: 3  # configuration file");
    }

    @Test
    void aSecondDocumentIsRefused() throws IOException {
        for (String yaml :
                new String[] {"epochs: 3\n---\nepochs: 4\n", "---\n---\nseed: 1", "epochs: 3\n...\n---\nseed: 1"}) {
            Cli cli = print(yaml);
            assertThat(cli.exitCode()).as(yaml).isEqualTo(ExitCode.USAGE);
            assertThat(cli.err())
                    .contains(file
                            + " holds more than one YAML document, but only one is expected: remove what follows the"
                            + " line \"---\" or \"...\", or put it into a file of its own.");
        }
        assertThat(print("---\nepochs: 3\n...\n").out()).contains("epochs: 3  # configuration file");
    }

    @Test
    void anEmptyFileSetsNothing() throws IOException {
        assertThat(print("# nothing\n").exitCode()).isZero();
        assertThat(print("# nothing\n---\n# nothing\n").exitCode()).isZero();
    }
}
