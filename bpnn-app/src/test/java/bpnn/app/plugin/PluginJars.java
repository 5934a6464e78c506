package bpnn.app.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.BackendProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles small plug-ins into jars.
 *
 * @param plugins the folder to put them into
 */
record PluginJars(Path plugins) {
    private static final String SERVICE = "META-INF/services/" + BackendProvider.class.getName();

    /** The source of a provider with an id, a constructor's body, what {@code open} does, and further members. */
    static String provider(String name, String id, String constructor, String open, String members) {
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
                    public Backend open(BackendConfig config) { %s }
                    %s
                }
                """.formatted(name, name, constructor, id, open, members);
    }

    /** The source of a backend with the memory of the reference and kernels of its own: an expression. */
    static String backend(String name, String kernels) {
        return """
                package plugin;
                import bpnn.spi.*;
                import java.util.Map;
                import java.util.concurrent.atomic.AtomicInteger;
                public class %s implements Backend {
                    private final AtomicInteger live = new AtomicInteger();
                    private final Kernels kernels = %s;
                    public String id() { return "x"; }
                    public String device() { return "plain Java"; }
                    public Numerics numerics() { return Numerics.EXACT; }
                    public Map<String, String> facts() { return Map.of(); }
                    public Buffer allocate(ElementType type, int length) { return new HeapBuffer(type, length, live); }
                    public Kernels kernels() { return kernels; }
                    public int liveBuffers() { return live.get(); }
                    public void close() { kernels.scratch().close(); }
                }
                """.formatted(name, kernels);
    }

    /** A jar with providers' names and compiled sources. */
    Path jar(String file, String services, String... sources) throws IOException {
        return jar(file, services, entry -> true, sources);
    }

    /**
     * A jar that lacks some of what was compiled.
     *
     * @param kept whether a compiled file, such as {@code plugin/X.class}, goes into the jar
     */
    Path jar(String file, String services, Predicate<String> kept, String... sources) throws IOException {
        Path classes = Files.createTempDirectory(plugins.getParent(), "classes");
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
                    String name = classes.relativize(compiled).toString();
                    if (kept.test(name)) {
                        zip.putNextEntry(new JarEntry(name));
                        zip.write(Files.readAllBytes(compiled));
                    }
                }
            }
        }
        return jar;
    }

    /** Puts another file into the place of one in a jar. */
    void replace(Path jar, String entry, Path file) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Files.copy(file, zip.getPath(entry), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Compiles sources; a class of the program among them takes the place of the program's own. */
    static void compile(Path classes, String... sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units =
                Stream.of(sources).<JavaFileObject>map(PluginJars::unit).toList();
        StringWriter messages = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
        assertThat(compiler.getTask(messages, null, null, options, null, units).call())
                .as("compiles: %s", messages)
                .isTrue();
    }

    private static JavaFileObject unit(String source) {
        String declared = source.substring(source.indexOf("public ") + 7);
        String kind = declared.startsWith("interface ") ? "interface " : "class ";
        String name = declared.substring(declared.indexOf(kind) + kind.length()).split("\\W", 2)[0];
        String folder = source.startsWith("package bpnn.spi;") ? "bpnn/spi/" : "plugin/";
        return new SimpleJavaFileObject(
                URI.create("string:///" + folder + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }
}
