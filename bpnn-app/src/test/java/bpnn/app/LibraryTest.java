package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/library.md, as its reader would run it. */
class LibraryTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "library.md");

    @TempDir
    Path folder;

    @Test
    void theProgramOfTheDocumentTrainsAndReads() throws Exception {
        Path source = Files.writeString(folder.resolve("Digits.java"), block(0));

        assertThat(java("-cp", System.getProperty("java.class.path"), source.toString()))
                .isZero();
        assertThatItLearntAndRead();
    }

    @Test
    void itDoesSoAsAModuleToo() throws Exception {
        Files.createDirectories(folder.resolve("source/digits"));
        Path descriptor = Files.writeString(folder.resolve("source/module-info.java"), block(1));
        Path source = Files.writeString(folder.resolve("source/digits/Digits.java"), "package digits;\n" + block(0));
        Path classes = folder.resolve("classes");
        String path = modulePath();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        said,
                        said,
                        List.of("-p", path, "-d", classes.toString(), descriptor.toString(), source.toString())
                                .toArray(new String[0]));
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();

        assertThat(java("-p", path + File.pathSeparator + classes, "-m", "digits/digits.Digits"))
                .isZero();
        assertThatItLearntAndRead();
    }

    /** What the program needs, and nothing else that the tests have. */
    private static String modulePath() {
        Pattern needed = Pattern.compile("bpnn-(api|cpu|mnist)[/-](?!.*test)");
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> needed.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private int java(String... arguments) throws Exception {
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
        return process.exitValue();
    }

    private void assertThatItLearntAndRead() throws IOException {
        Matcher out = Pattern.compile("accuracy (0\\.[0-9]+)\na [0-9], with probability [01]\\.[0-9E-]+\n")
                .matcher(Files.readString(folder.resolve("out"), StandardCharsets.UTF_8));
        assertThat(out.matches()).as(Files.readString(folder.resolve("err"))).isTrue();
        assertThat(Double.parseDouble(out.group(1))).isGreaterThan(0.5);
    }

    private static String block(int index) throws IOException {
        return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(match -> match.group(1))
                .toList()
                .get(index);
    }
}
