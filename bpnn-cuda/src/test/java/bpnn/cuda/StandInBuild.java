package bpnn.cuda;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Builds the CPU stand-in for CUDA with g++: {@code libcuda.so.1}, {@code libnvrtc.so.12} and {@code libcublas.so.12},
 * and in the folder {@code cuda13} the last two with the sonames of toolkit 13. Optionally so that kernels run under its
 * sanitizer.
 */
final class StandInBuild {
    private static final List<String> COMPILER = List.of(
            "g++",
            "-std=c++17",
            "-O2",
            "-march=native",
            "-ffp-contract=fast",
            "-fPIC",
            "-fvisibility=hidden",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-I.");

    private static final String JCUDA = "12.6.0-linux-x86_64.so";

    private static final List<String> FOR_KERNELS = List.of("cuda_on_cpu.h", "kernel.h", "version.h");

    private final Path sources;
    private final Path work;
    private final boolean sanitized;
    private final String fingerprint;

    private StandInBuild(Path sources, Path work, boolean sanitized, String fingerprint) {
        this.sources = sources;
        this.work = work;
        this.sanitized = sanitized;
        this.fingerprint = fingerprint;
    }

    /** Whether g++ and nm are installed. */
    static boolean isPossible() {
        return Stream.of("g++", "nm").allMatch(StandInBuild::starts);
    }

    private static boolean starts(String program) {
        try {
            run(Path.of("."), List.of(program, "--version"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The folder below {@code target} with the libraries built from {@code sources}; of several JVMs one builds it. */
    static Path build(Path sources, Path target, boolean sanitized) throws IOException {
        String fingerprint = fingerprint(sources, sanitized);
        Path folder = target.resolve(fingerprint);
        Files.createDirectories(target);
        try (FileChannel channel =
                        FileChannel.open(target.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!Files.isDirectory(folder)) {
                Path work = Files.createTempDirectory(target, "building");
                try {
                    new StandInBuild(sources.toAbsolutePath(), work, sanitized, fingerprint).make();
                    Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    delete(work);
                }
            }
        }
        return folder.toAbsolutePath();
    }

    private void make() throws IOException {
        Files.writeString(
                work.resolve("version.h"),
                "#define STANDIN_VERSION " + Integer.parseInt(fingerprint.substring(0, 6), 16) + "\n"
                        + "#define STANDIN_SANITIZED " + (sanitized ? 1 : 0) + "\n");
        for (String header : List.of("cuda_on_cpu.h", "kernel.h")) {
            Files.copy(sources.resolve(header), work.resolve(header));
        }
        List<String> driver = new ArrayList<>(compile("grid", "device", "driver", "sanitizer"));
        driver.add(stubs("cuda", "JCudaDriver", "cu", 801));
        driver.add("-ldl");
        link("libcuda.so.1", "libcuda.so.1", driver);
        List<String> compiler = new ArrayList<>(compile("nvrtc"));
        compiler.add(stubs("nvrtc", "JNvrtc", "nvrtc", 11));
        compiler.add("-ldl");
        List<String> products = new ArrayList<>(compile("cublas"));
        products.add(stubs("cublas", "JCublas2", "cublas", 15));
        products.add("libcuda.so.1");
        Files.writeString(work.resolve("none.cpp"), "");
        toolkit("", 12, compiler, products);
        Files.createDirectory(work.resolve("cuda13"));
        for (String header : FOR_KERNELS) {
            Files.copy(work.resolve(header), work.resolve("cuda13").resolve(header));
        }
        Files.copy(work.resolve("libcuda.so.1"), work.resolve("cuda13/libcuda.so.1"));
        toolkit("cuda13/", 13, compiler, products);
        try (Stream<Path> files = Files.list(work)) {
            for (Path file : files.filter(file -> file.toString().matches(".*\\.(o|cpp|map)"))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    private void toolkit(String folder, int major, List<String> compiler, List<String> products) throws IOException {
        String builtins = "libnvrtc-builtins.so.12.99";
        link(folder + builtins.replace(".12.", "." + major + "."), builtins, List.of("none.cpp"));
        linkVersioned(folder, "libnvrtc.so." + major, "nvrtc*", compiler);
        linkVersioned(folder, "libcublas.so." + major, "cublas*", products);
    }

    private List<String> compile(String... names) throws IOException {
        List<String> objects = new ArrayList<>();
        for (String name : names) {
            List<String> command = new ArrayList<>(COMPILER);
            command.addAll(List.of("-c", sources.resolve(name + ".cpp").toString(), "-o", name + ".o"));
            run(work, command);
            objects.add(name + ".o");
        }
        return objects;
    }

    /** A source with a stub for every function that JCuda's library expects of another one. */
    private String stubs(String name, String jcuda, String prefix, int notSupported) throws IOException {
        String library = jcuda + ".o";
        try (InputStream in = StandInBuild.class.getResourceAsStream("/lib/lib" + jcuda + "-" + JCUDA)) {
            if (in == null) {
                throw new IOException("JCuda's library " + jcuda + " is not on the class path.");
            }
            Files.copy(in, work.resolve(library));
        }
        String stubs = run(work, List.of("nm", "-D", "--undefined-only", library))
                .lines()
                .map(line -> line.substring(line.lastIndexOf(' ') + 1).replaceFirst("@.*", ""))
                .filter(symbol -> symbol.startsWith(prefix))
                .map(symbol -> "STUB(" + symbol + ", " + notSupported + ")\n")
                .collect(Collectors.joining());
        String source = name + "-stubs.cpp";
        Files.writeString(work.resolve(source), "#include \"" + sources.resolve("stub.h") + "\"\n" + stubs, UTF_8);
        return source;
    }

    private void linkVersioned(String folder, String name, String symbols, List<String> parts) throws IOException {
        Files.writeString(work.resolve(name + ".map"), name + " { global: " + symbols + "; local: *; };\n");
        List<String> versioned = new ArrayList<>(parts);
        versioned.add("-Wl,--version-script=" + name + ".map");
        link(folder + name, name, versioned);
    }

    private void link(String file, String soname, List<String> parts) throws IOException {
        List<String> command = new ArrayList<>(COMPILER);
        command.addAll(List.of("-shared", "-Wl,-soname," + soname, "-o", file));
        command.addAll(parts);
        run(work, command);
    }

    private static String run(Path folder, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed:\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the stand-in was being built", e);
        }
        return output;
    }

    private static String fingerprint(Path sources, boolean sanitized) throws IOException {
        try (Stream<Path> files = Files.list(sources)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((COMPILER + JCUDA + sanitized).getBytes(UTF_8));
            for (Path file : files.sorted().toList()) {
                digest.update(String.valueOf(file.getFileName()).getBytes(UTF_8));
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
