package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CONTRIBUTING.md says which files a new activation, command and so on touches. This counts them. */
@Tag("once")
class ExtensionPointsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String HEADING = "## Where new things enter";
    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*|kernels)(?:\\.cu)?`");
    private static final Pattern SOURCE =
            Pattern.compile("/(?:bpnn-[a-z0-9]+|examples/[a-z-]+)/src/main/.*\\.(?:java|cu)");

    /** For each word the files that the table lists. */
    private static Map<String, Set<String>> table() throws IOException {
        Map<String, Set<String>> files = new TreeMap<>();
        boolean inside = false;
        for (String line : Files.readAllLines(ROOT.resolve("CONTRIBUTING.md"))) {
            if (line.startsWith("#")) {
                inside = line.equals(HEADING);
            }
            String[] cells = line.split("\\|", -1);
            if (inside && cells.length == 5 && cells[3].contains("`")) {
                String word = cells[3].replace("`", "").strip();
                Set<String> listed = files.computeIfAbsent(word, none -> new TreeSet<>());
                if (cells[2].contains("a class of its own")) {
                    listed.add(word.replace(".STUDY", ""));
                }
                Matcher name = NAME.matcher(cells[2]);
                while (name.find()) {
                    listed.add(name.group(1));
                }
            }
        }
        return files;
    }

    private static Set<String> filesWith(String word) throws IOException {
        Pattern pattern = Pattern.compile("\\b" + Pattern.quote(word) + "\\b");
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(
                            file -> SOURCE.matcher("/" + ROOT.relativize(file)).matches())
                    .filter(file -> mentions(file, pattern))
                    .map(file -> file.getFileName().toString().replaceAll("\\..*", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean mentions(Path file, Pattern pattern) {
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> line.replaceAll("^\\s*(?:/?\\*|//).*", ""))
                    .anyMatch(line -> pattern.matcher(line).find());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyFileThatANewThingTouchesIsListedAndNoOther() throws IOException {
        Map<String, Set<String>> table = table();

        assertThat(table)
                .containsOnlyKeys(
                        "SIGMOID", "GELU", "Momentum", "DoctorCommand", "OnnxWriter", "NpzReader", "Dropout.STUDY");
        for (Map.Entry<String, Set<String>> row : table.entrySet()) {
            Set<String> found = filesWith(row.getKey());
            if (row.getKey().endsWith(".STUDY")) {
                found.add("Dropout");
            }
            assertThat(found).as("files with the word %s", row.getKey()).isEqualTo(row.getValue());
        }
    }
}
