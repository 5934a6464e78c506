package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/library.md, as its reader would run it. */
class LibraryTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "library.md");

    @TempDir
    Path folder;

    @Test
    void theProgramOfTheDocumentTrainsAndReads() throws Exception {
        Path source = Files.writeString(folder.resolve("Digits.java"), program());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();

        assertThat(ended).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("err")))
                .isZero();
        Matcher out = Pattern.compile("accuracy (0\\.[0-9]+)\na [0-9], with probability [01]\\.[0-9E-]+\n")
                .matcher(Files.readString(folder.resolve("out"), StandardCharsets.UTF_8));
        assertThat(out.matches()).isTrue();
        assertThat(Double.parseDouble(out.group(1))).isGreaterThan(0.5);
    }

    private static String program() throws IOException {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(DOCUMENT));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
