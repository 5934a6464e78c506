package bpnn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is published fits together. */
class ReleaseTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Modules of the build that nobody depends on. */
    private static final Pattern NOT_PUBLISHED = Pattern.compile("bpnn-bom|bpnn-fuzz|bpnn-(bench|spark).*");

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private static Set<String> all(String text, String pattern) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static Set<String> published() throws IOException {
        Set<String> modules = all(read("pom.xml"), "<module>(.*?)</module>");
        modules.removeIf(module -> NOT_PUBLISHED.matcher(module).matches());
        return modules;
    }

    @Test
    void theBillOfMaterialsNamesEveryPublishedModuleInTheVersionOfTheBuild() throws IOException {
        String build = read("pom.xml");
        String bill = read("bpnn-bom/pom.xml");

        String managed = bill.substring(bill.indexOf("<dependencies>"), bill.indexOf("</dependencies>"));
        assertThat(all(managed, "<artifactId>(.*?)</artifactId>")).isEqualTo(published());
        String version = "<artifactId>bpnn-%s</artifactId>\\s*<version>(.*?)</version>";
        assertThat(all(bill, version.formatted("bom"))).isEqualTo(all(build, version.formatted("parent")));
    }

    /** What stands on a library without a module descriptor cannot have one, but its name is settled. */
    @Test
    void everyPublishedModuleHasAModuleNameOfItsOwn() throws IOException {
        for (String module : published()) {
            String name = module.replace('-', '.');
            Path descriptor = ROOT.resolve(module).resolve("src/main/java/module-info.java");
            if (Files.exists(descriptor)) {
                assertThat(Files.readString(descriptor)).contains("module " + name + " {");
            } else {
                assertThat(all(read(module + "/pom.xml"), "<Automatic-Module-Name>(.*?)<"))
                        .as(module)
                        .containsExactly(name);
            }
        }
    }

    @Test
    void everyLibraryThatIsDistributedHasItsNotice() throws IOException {
        String notice = read("NOTICE");

        assertThat(notice).contains("Jackson", "SnakeYAML", "picocli", "XChart", "uPlot", "JCuda");
        assertThat(read("LICENSE")).contains("Apache License", "Version 2.0, January 2004");
        assertThat(getClass().getResource("/META-INF/NOTICE")).isNotNull();
    }

    @Test
    void thereAreAtMostTenDecisionsAndTheListNamesThemAll() throws IOException {
        Set<String> files = new TreeSet<>();
        try (var folder = Files.list(ROOT.resolve("docs/decisions"))) {
            folder.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("README.md"))
                    .forEach(files::add);
        }

        assertThat(files).hasSizeBetween(1, 10);
        assertThat(all(read("docs/decisions/README.md"), "\\(([^)]*\\.md)\\)")).isEqualTo(files);
    }
}
