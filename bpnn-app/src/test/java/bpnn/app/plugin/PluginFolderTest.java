package bpnn.app.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.backend.BackendCatalogue;
import bpnn.backend.BackendEntry;
import bpnn.backend.Rejection;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles small providers into jars and looks for them. */
class PluginFolderTest {
    @TempDir
    Path folder;

    private Path plugins;

    @BeforeEach
    void createFolder() throws IOException {
        plugins = Files.createDirectory(folder.resolve("plugins"));
    }

    private Path jar(String file, String services, String... sources) throws IOException {
        return new PluginJars(plugins).jar(file, services, sources);
    }

    private static String provider(String name, String id, String constructor, String members) {
        return PluginJars.provider(name, id, constructor, "throw new BackendException(\"not now\");", members);
    }

    private BackendEntry entry(String id) {
        return PluginFolder.catalogue(plugins).entries().stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void assertRejected(Path jar, String reason) {
        BackendCatalogue catalogue = PluginFolder.catalogue(plugins);
        assertThat(catalogue.rejections()).singleElement().satisfies(rejection -> {
            assertThat(rejection.origin()).isEqualTo(jar.toString());
            assertThat(rejection.reason()).contains(reason).endsWith(".");
        });
        assertThat(catalogue.entries()).extracting(BackendEntry::id).contains("reference");
    }

    @Test
    void aJarWithAProviderIsABackend() throws IOException {
        Path jar = jar("good.jar", "plugin.Good", provider("Good", "good", "", ""));

        BackendEntry good = entry("good");

        assertThat(good.origin()).isEqualTo(jar.toString());
        assertThat(good.priority()).isEqualTo(5);
        assertThat(good.probe()).hasToString("Available[device=device of good, facts={}, notice=null]");
    }

    @Test
    void eachJarHasItsOwnClasses() throws IOException {
        jar("a.jar", "plugin.Same", provider("Same", "first", "", ""));
        jar("b.jar", "plugin.Same", provider("Same", "second", "", ""));

        assertThat(entry("first").provider().getClass().getName())
                .isEqualTo(entry("second").provider().getClass().getName());
        assertThat(PluginFolder.catalogue(plugins).rejections()).isEmpty();
    }

    @Test
    void aJarMayHoldSeveralProvidersOfWhichOneIsBroken() throws IOException {
        jar(
                "two.jar",
                "plugin.Broken\nplugin.Good\n",
                provider("Broken", "broken", "if (true) throw new IllegalStateException(\"no licence\");", ""),
                provider("Good", "good", "", ""));

        assertThat(entry("good").id()).isEqualTo("good");
        assertThat(PluginFolder.catalogue(plugins).rejections())
                .extracting(Rejection::reason)
                .singleElement()
                .asString()
                .contains("no licence");
    }

    @Test
    void aConstructorThatThrowsIsReported() throws IOException {
        Path jar = jar(
                "x.jar",
                "plugin.X",
                provider("X", "x", "if (true) throw new IllegalStateException(\"no licence\");", ""));

        assertRejected(jar, "could not be loaded: java.lang.IllegalStateException: no licence");
    }

    @Test
    void aStaticInitialiserThatThrowsIsReported() throws IOException {
        Path jar = jar(
                "x.jar",
                "plugin.X",
                provider("X", "x", "", "static { System.loadLibrary(\"bpnn-that-nobody-has\"); }"));

        assertRejected(jar, "no bpnn-that-nobody-has in java.library.path");
    }

    @Test
    void aMissingLibraryOfAPluginIsReported() throws IOException {
        String source = provider("X", "x", "Helper.help();", "");
        Path jar = new PluginJars(plugins)
                .jar(
                        "x.jar",
                        "plugin.X",
                        name -> !name.equals("plugin/Helper.class"),
                        source,
                        "package plugin; public class Helper { static void help() {} }");

        assertRejected(jar, "java.lang.ClassNotFoundException: plugin.Helper");
    }

    @Test
    void aServiceFileThatNamesNoClassIsReported() throws IOException {
        assertRejected(jar("x.jar", "plugin.Gone"), "plugin.Gone");
    }

    @Test
    void aServiceFileThatNamesSomethingElseIsReported() throws IOException {
        Path jar = jar("x.jar", "plugin.X", "package plugin; public class X {}");

        assertRejected(jar, "plugin.X");
    }

    @Test
    void aMalformedServiceFileIsReported() throws IOException {
        assertRejected(jar("x.jar", "this is no class name\n"), "could not be loaded");
    }

    @Test
    void aJarWithoutProviderIsReported() throws IOException {
        Path jar = plugins.resolve("library.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            zip.putNextEntry(new JarEntry("readme"));
        }

        assertRejected(jar, "holds no backend");
    }

    @Test
    void aFileThatIsNoJarIsReported() throws IOException {
        assertRejected(Files.writeString(plugins.resolve("x.jar"), "hello"), "not a readable jar");
    }

    @Test
    void aPluginCannotTakeTheIdOfABackendOfTheProgram() throws IOException {
        Path jar = jar("x.jar", "plugin.X", provider("X", "reference", "", ""));

        assertRejected(jar, "\"reference\" already belongs to the backend from the class path");
    }

    @Test
    void ofTwoPluginsWithTheSameIdTheFirstStays() throws IOException {
        Path first = jar("a.jar", "plugin.X", provider("X", "x", "", ""));
        Path second = jar("b.jar", "plugin.X", provider("X", "x", "", ""));

        assertRejected(second, "The id \"x\" already belongs to the backend from " + first + ".");
        assertThat(entry("x").origin()).isEqualTo(first.toString());
    }

    @Test
    void aPluginThatCannotSayWhoItIsIsReported() throws IOException {
        String source = provider("X", "x", "", "").replace("return 5;", "throw new AssertionError(\"no priorities\");");

        assertRejected(jar("x.jar", "plugin.X", source), "did not report its identity: java.lang.AssertionError");
    }

    @Test
    void aPluginBuiltBeforeThereWereVersionsIsReported() throws IOException {
        String older = """
                package bpnn.spi;
                public interface BackendProvider {
                    String id();
                    int priority();
                    Availability probe();
                    Backend open(BackendConfig config);
                }
                """;
        String source = provider("X", "x", "", "").replaceAll("public int apiVersion.*", "");

        Path jar = new PluginJars(plugins).jar("x.jar", "plugin.X", name -> name.startsWith("plugin/"), older, source);

        assertRejected(jar, "plugin.X did not report its identity: java.lang.AbstractMethodError");
    }

    @Test
    void aProbeOrAnOpeningThatGivesNothingIsReported() throws IOException {
        String source = PluginJars.provider("X", "x", "", "return null;", "");
        Path jar = jar("x.jar", "plugin.X", source);
        jar("y.jar", "plugin.X", source.replace("\"x\"", "\"y\"").replaceAll("return new Avail.*", "return null;"));

        assertThat(entry("y").probe())
                .hasToString("Unavailable[reason=Its probe returned null., hint=This is a fault"
                        + " of the backend from " + plugins.resolve("y.jar")
                        + "; ask its author for a newer version., cause=null]");
        assertThatThrownBy(() -> entry("x").open(BackendConfig.defaults()))
                .isInstanceOf(BackendException.class)
                .hasMessage(
                        "Backend x from " + jar + " returned null when opened; ask its author for a newer version.");
    }

    @Test
    void aPluginForAnotherVersionOfTheInterfaceIsReported() throws IOException {
        String source = provider("X", "x", "", "").replace("return API_VERSION", "return API_VERSION + 1");

        assertRejected(jar("x.jar", "plugin.X", source), "was built for version " + (BackendProvider.API_VERSION + 1));
    }

    @Test
    void whatIsNoJarByNameIsLeftAlone() throws IOException {
        Files.writeString(plugins.resolve("README.txt"), "put jars here");

        assertThat(PluginFolder.catalogue(plugins).rejections()).isEmpty();
    }

    @Test
    void aMissingFolderIsNoFault() {
        BackendCatalogue catalogue = PluginFolder.catalogue(folder.resolve("none"));

        assertThat(catalogue.rejections()).isEmpty();
        assertThat(catalogue.entries()).extracting(BackendEntry::id).contains("reference");
    }
}
