package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @TempDir
    Path folder;

    @Test
    void everythingIsExamined() {
        Cli cli = Cli.run("doctor", "--json", "--data-dir", folder);

        assertThat(cli.exitCode()).isZero();
        JsonNode json = cli.json();
        assertThat(json.at("/java/version").textValue())
                .isEqualTo(Runtime.version().toString());
        assertThat(json.at("/cores/granted").textValue())
                .isEqualTo(String.valueOf(Runtime.getRuntime().availableProcessors()));
        assertThat(json.at("/memory/heap").textValue()).endsWith(" MB");
        assertThat(json.at("/temp/executable").isTextual()).isTrue();
        assertThat(json.at("/data/cache").textValue()).contains("mnist");
        assertThat(json.at("/plugins/folder").isTextual()).isTrue();
        assertThat(json.at("/selection/choice").textValue()).startsWith("Backend ");
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        assertThat(json.at("/vectors/problems")).hasSize(vectors ? 0 : 1);
        JsonNode missing = null;
        for (JsonNode backend : json.get("backends")) {
            missing = backend.get("id").textValue().equals("missing") ? backend : missing;
        }
        assertThat(missing).isNotNull();
        assertThat(missing.get("reason").textValue()).isEqualTo("No such device was found.");
        assertThat(missing.get("hint").textValue()).isEqualTo("Buy one.");
    }

    @Test
    void whateverIsWrongItEndsWell() throws IOException {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Files.writeString(plugins.resolve("broken.jar"), "no jar");
        Files.writeString(folder.resolve("train-images-idx3-ubyte"), "no images");

        Cli cli = Cli.run("doctor", "--plugins", plugins, "--data-dir", folder, "--backend", "missing");
        Cli nowhere = Cli.run("doctor", "--plugins", folder.resolve("nowhere"), "--backend", "unheard-of");

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out())
                .contains("broken.jar is left out. It is not a readable jar", "Buy one.", " problems.")
                .doesNotContain("\tat ");
        assertThat(nowhere.exitCode()).isZero();
        assertThat(nowhere.out()).contains("--plugins is ", "but that is not a folder");
    }

    @Test
    void onATerminalLinesAreBrokenBetweenWords() {
        Cli cli = Cli.runInteractively("doctor", "--data-dir", folder);

        assertThat(cli.out()
                        .lines()
                        .filter(line -> line.length() > 100 && line.strip().contains(" ")))
                .as("lines of more than 100 letters, but for single words")
                .allMatch(line -> line.length() - line.lastIndexOf(' ') > 60);
        assertThat(cli.out().replaceAll("\\s+", " ")).contains("MNIST is not here; ./bpnn data download fetches it");
    }
}
