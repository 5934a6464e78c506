package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DocsCommandTest {
    @TempDir
    Path folder;

    @Test
    void theManualPageTellsOfEveryCommand() throws IOException {
        assertThat(Cli.run("docs", "--out", folder).exitCode()).isZero();

        String page = Files.readString(folder.resolve("bpnn.1"));
        assertThat(page)
                .startsWith(".TH BPNN 1\n.SH NAME\n")
                .contains(
                        ".SS bpnn train\n",
                        ".SS bpnn data download\n",
                        ".B \\-\\-batch\\-size N\n\\&Images in a step (default: 128).",
                        ".SH EXIT CODES\n.TP\n.B 0\n\\&done\n")
                .doesNotContain("${", "%n");
        assertThat(page.split("\\.B \\\\-q, ", -1)).as("common options once").hasSize(2);
    }

    @Test
    void theCommittedReferenceSaysWhatTheCommandsSay() throws IOException {
        Cli.run("docs", "--out", folder);

        assertThat(Files.readString(Path.of("../docs/command-line.md")))
                .as(
                        "docs/command-line.md is older than the commands; write it anew: ./bpnn docs --out bpnn-app/target/docs"
                                + " && cp bpnn-app/target/docs/command-line.md docs/")
                .isEqualTo(Files.readString(folder.resolve("command-line.md")));
    }

    @Test
    void theReferenceHasEachOptionWithItsDefault() throws IOException {
        Cli.run("docs", "--out", folder);

        assertThat(Files.readString(folder.resolve("command-line.md")))
                .contains(
                        "## bpnn train\n",
                        "### bpnn data download\n",
                        "| `--batch-size N` | Images in a step. | 128 |\n",
                        "| `--batch-norm` | Normalise each hidden layer over the batch. | off |\n",
                        "| `--optimizer adam\\|sgd\\|momentum\\|nesterov\\|rmsprop` |",
                        "| 130 | interrupted by Ctrl-C; what was learnt is written |\n",
                        "| 1 | a line failed |\n")
                .doesNotContain("${", "%n", "(default:");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void bashCompletesCommandsAndOptions() throws Exception {
        Cli.run("docs", "--out", folder);

        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source bpnn.bash; COMP_WORDS=(bpnn train --batch); COMP_CWORD=2; _complete_bpnn;"
                                + " echo \"${COMPREPLY[@]}\"")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("--batch-size", "--batch-norm");
    }

    @Test
    void helpExplainsACommand() {
        Cli cli = Cli.run("help", "lr-find");

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out()).startsWith("Usage: bpnn lr-find").contains("--sweep-steps");
    }
}
