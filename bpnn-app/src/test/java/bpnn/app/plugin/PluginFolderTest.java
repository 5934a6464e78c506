package bpnn.app.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.backend.BackendCatalogue;
import bpnn.backend.BackendEntry;
import bpnn.backend.Rejection;
import bpnn.spi.BackendProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles small providers into jars and looks for them. */
class PluginFolderTest {
    private static final String SERVICE = "META-INF/services/" + BackendProvider.class.getName();

    @TempDir
    Path folder;

    private Path plugins;

    @BeforeEach
    void createFolder() throws IOException {
        plugins = Files.createDirectory(folder.resolve("plugins"));
    }

    /** The source of a provider with an id, a constructor's body, and further members. */
    private static String provider(String name, String id, String constructor, String members) {
        return """
                package plugin;
                import bpnn.spi.*;
                import java.util.Map;
                public class %s implements BackendProvider {
                    public %s() { %s }
                    public String id() { return "%s"; }
                    public int apiVersion() { return API_VERSION; }
                    public int priority() { return 5; }
                    public Availability probe() {
                        return new Availability.Available("device of " + id(), Map.of(), null);
                    }
                    public Backend open(BackendConfig config) { throw new BackendException("not now"); }
                    %s
                }
                """.formatted(name, name, constructor, id, members);
    }

    private Path jar(String file, String services, String... sources) throws IOException {
        Path classes = Files.createTempDirectory(folder, "classes");
        if (sources.length > 0) {
            compile(classes, sources);
        }
        Path jar = plugins.resolve(file);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            zip.putNextEntry(new JarEntry(SERVICE));
            zip.write(services.getBytes(StandardCharsets.UTF_8));
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path compiled : files.filter(Files::isRegularFile).toList()) {
                    zip.putNextEntry(new JarEntry(classes.relativize(compiled).toString()));
                    zip.write(Files.readAllBytes(compiled));
                }
            }
        }
        return jar;
    }

    private static void compile(Path classes, String... sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units =
                Stream.of(sources).<JavaFileObject>map(PluginFolderTest::unit).toList();
        StringWriter messages = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
        assertThat(compiler.getTask(messages, null, null, options, null, units).call())
                .as("compiles: %s", messages)
                .isTrue();
    }

    private static JavaFileObject unit(String source) {
        String name = source.substring(source.indexOf("public class ") + 13).split(" ", 2)[0];
        return new SimpleJavaFileObject(URI.create("string:///plugin/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
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
        Path jar = jar("x.jar", "plugin.X", source, "package plugin; public class Helper { static void help() {} }");
        Path without = plugins.resolve("without.jar");
        copyWithout(jar, without, "plugin/Helper.class");
        Files.delete(jar);

        assertRejected(without, "java.lang.ClassNotFoundException: plugin.Helper");
    }

    private static void copyWithout(Path jar, Path copy, String left) throws IOException {
        try (JarFile source = new JarFile(jar.toFile());
                OutputStream out = Files.newOutputStream(copy);
                JarOutputStream zip = new JarOutputStream(out)) {
            for (JarEntry entry : source.stream().toList()) {
                if (!entry.getName().equals(left)) {
                    zip.putNextEntry(new JarEntry(entry.getName()));
                    source.getInputStream(entry).transferTo(zip);
                }
            }
        }
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
    void aPluginForAnotherVersionOfTheInterfaceIsReported() throws IOException {
        String source = provider("X", "x", "", "").replace("return API_VERSION", "return API_VERSION + 1");

        assertRejected(jar("x.jar", "plugin.X", source), "was built for version 2");
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
