package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.session.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The pages for people: their links lead somewhere, and the program understands the commands that they show. */
@Tag("once")
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int LONGEST_README = 150;

    @TempDir
    Path folder;

    private static List<Document> documents() throws IOException {
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (var docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
        }
        List<Document> documents = new ArrayList<>();
        for (Path file : files) {
            documents.add(Document.read(file));
        }
        return documents;
    }

    private static List<String> brokenLinks(List<Document> documents) throws IOException {
        List<String> broken = new ArrayList<>();
        for (Document document : documents) {
            broken.addAll(document.brokenLinks());
        }
        return broken;
    }

    /** The calls that the command line does not understand. Nothing is run. */
    private static List<String> refused(List<Document> documents) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(nowhere, nowhere, false, false, 100);
        List<String> refused = new ArrayList<>();
        for (Document document : documents) {
            for (List<String> words : document.calls()) {
                CommandLine commandLine = new Program(terminal).commandLine();
                try {
                    commandLine.parseArgs(words.toArray(String[]::new));
                } catch (ParameterException e) {
                    refused.add(document.file() + ": ./bpnn " + String.join(" ", words) + ": " + e.getMessage());
                }
            }
        }
        return refused;
    }

    private Document page(String... lines) throws IOException {
        return Document.read(Files.write(folder.resolve("page.md"), List.of(lines)));
    }

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<Document> documents = documents();

        assertThat(documents.stream()
                        .mapToInt(document -> document.links().size())
                        .sum())
                .isGreaterThan(50);
        assertThat(brokenLinks(documents)).isEmpty();
    }

    @Test
    void everyCommandIsUnderstood() throws IOException {
        List<Document> documents = documents();

        assertThat(documents.stream()
                        .mapToInt(document -> document.calls().size())
                        .sum())
                .isGreaterThan(30);
        assertThat(refused(documents)).isEmpty();
    }

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Document.read(ROOT.resolve("README.md")).lines()).hasSizeLessThanOrEqualTo(LONGEST_README);
    }

    @Test
    void aLinkThatLeadsNowhereIsFound() throws IOException {
        Document page = page(
                "# One: `two` & 3",
                "[a](page.md) [b](#one-two--3) [c](https://example.org/none) `[no](link.md)`",
                "![d](none.png) [e](#nothing)",
                "<img src=\"gone.png\">");

        assertThat(page.brokenLinks())
                .extracting(sentence -> sentence.replaceAll(".* links to (.*),.*", "$1"))
                .containsExactly("none.png", "#nothing", "gone.png");
    }

    @Test
    void aCommandThatIsNotUnderstoodIsFound() throws IOException {
        Document page = page(
                "    ./bpnn -Xmx4g -Da=$(echo 'a b') train --epochs 2    # two",
                "```",
                "./bpnn train --epoch-count 2",
                "./bpnn fly && ./bpnn train",
                "./bpnn train --epochs many",
                "```",
                "./bpnn this is no code");

        assertThat(refused(List.of(page)))
                .extracting(sentence -> sentence.replaceAll(".*?: (./bpnn.*?): .*", "$1"))
                .containsExactly("./bpnn train --epoch-count 2", "./bpnn fly", "./bpnn train --epochs many");
    }
}
