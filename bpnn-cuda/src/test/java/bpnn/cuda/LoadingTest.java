package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding and loading libraries; each attempt in its own JVM, because JCuda can be loaded only once. */
class LoadingTest {
    @TempDir
    private Path folder;

    /** Known hashes from NVIDIA's libraries. */
    @Test
    void versionHashMatchesTheLinker() {
        assertThat(VersionedElf.hash("libcublas.so.13")).isEqualTo(0x0ef62133);
        assertThat(VersionedElf.hash("libnvrtc.so.13")).isEqualTo(0x0bcddfc3);
    }

    @Test
    void patchingForCuda13ChangesSixteenBytes() throws Exception {
        byte[] original = JCudaLoader.content("JCublas2");
        byte[] adapted = JCudaLoader.adapted(JCudaLoader.content("JCublas2"), "cublas", 13);
        int changed = 0;
        for (int i = 0; i < original.length; i++) {
            changed += original[i] == adapted[i] ? 0 : 1;
        }
        assertThat(adapted).hasSameSizeAs(original);
        assertThat(changed).isBetween(2, 16);
        assertThat(JCudaLoader.adapted(JCudaLoader.content("JCublas2"), "cublas", 12))
                .isEqualTo(original);
    }

    @Test
    void anUnrelatedLibraryIsNotPatched() throws Exception {
        byte[] driver = JCudaLoader.content("JCudaDriver");
        assertThatThrownBy(() -> new VersionedElf(driver).renameNeeded("libcublas.so.12", "libcublas.so.13"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not needed");
    }

    @Test
    void runsWithOnlyToolkit13() throws Exception {
        assertThat(probe(
                        List.of(libraries(StandIn.cuda13Folder()), cache(folder)), "CUDA_STANDIN=driver-version=13000"))
                .singleElement()
                .asString()
                .startsWith("opened: CUDA stand-in (CPU)");
    }

    @Test
    void toolkit13NeedsAMatchingDriver() throws Exception {
        assertThat(probe(
                        List.of(libraries(StandIn.cuda13Folder()), cache(folder)), "CUDA_STANDIN=driver-version=12060"))
                .singleElement()
                .asString()
                .contains("too old", "up to 12.6", "need 13.0", "580 or newer");
    }

    @Test
    void anOldDriverIsRejected() throws Exception {
        assertThat(probe(List.of(libraries(StandIn.folder()), cache(folder)), "CUDA_STANDIN=driver-version=11040"))
                .singleElement()
                .asString()
                .contains("too old", "up to 11.4", "525 or newer");
    }

    @Test
    void aDriverWithoutADevice() throws Exception {
        List<String> flags = List.of(libraries(StandIn.folder()), cache(folder));
        assertThat(probe(flags, "CUDA_STANDIN=devices=0"))
                .singleElement()
                .asString()
                .contains("sees no GPU", "nvidia-smi");
        assertThat(probe(flags, "CUDA_STANDIN=devices=0", "CUDA_VISIBLE_DEVICES="))
                .singleElement()
                .asString()
                .contains("CUDA_VISIBLE_DEVICES is \"\"");
    }

    @Test
    void anUnknownDevice() throws Exception {
        List<String> flags = new ArrayList<>(List.of(libraries(StandIn.folder()), cache(folder)));
        flags.add("-Dcuda.device=3");
        assertThat(probe(flags)).singleElement().asString().contains("no GPU with the number 3: 1 can be seen");
        flags.set(2, "-Dcuda.device=first");
        assertThat(probe(flags)).singleElement().asString().contains("must be the number of a GPU", "\"first\"");
    }

    @Test
    void everyMissingLibraryIsNamed() throws Exception {
        Path libraries = Files.createDirectory(folder.resolve("libraries"));
        List<String> missing = new ArrayList<>();
        for (String library : List.of("libcuda.so.1", "libnvrtc.so.12", "libcublas.so.12")) {
            missing.add(reason(libraries));
            Files.createFile(libraries.resolve(library));
        }
        assertThat(missing.get(0)).contains("no NVIDIA driver", "libcuda.so.1");
        assertThat(missing.get(1)).contains("not the run-time compiler", "libnvrtc.so.12", "libnvrtc.so.13");
        assertThat(missing.get(2)).contains("not cuBLAS", "libcublas.so.12", "libcublas.so.13");
        assertThat(Installation.find(LibrarySearch.in(List.of(libraries))).oldestDriver())
                .isEqualTo(12_000);
    }

    private static String reason(Path libraries) {
        try {
            Installation.find(LibrarySearch.in(List.of(libraries)));
            return "nothing is missing";
        } catch (CudaUnavailable e) {
            return e.availability().reason();
        }
    }

    /** Without a GPU, startup only checks a few files. */
    @Test
    void withoutADriverNoJCudaClassIsLoaded() throws Exception {
        assumeThat(LibrarySearch.of(Settings.of(Map.of())).find("libcuda.so.1")).isEmpty();
        List<String> output = probe(List.of("-Xlog:class+load"));
        assertThat(output).anyMatch(line -> line.contains("bpnn.cuda.Installation "));
        assertThat(output).noneMatch(line -> line.contains(" jcuda."));
        assertThat(output).anyMatch(line -> line.startsWith("There is no NVIDIA driver"));
    }

    @Test
    void otherPlatformsGetAReason() {
        assertThatThrownBy(() -> Installation.checkPlatform("Mac OS X", "aarch64"))
                .hasMessageContaining("Linux on x86-64")
                .hasMessageContaining("Mac OS X on aarch64");
    }

    @Test
    void anInvalidLibraryIsNamed() throws Exception {
        Path libraries = Files.createDirectory(folder.resolve("libraries"));
        for (String library : List.of("libcuda.so.1", "libnvrtc.so.12", "libcublas.so.12")) {
            Files.writeString(libraries.resolve(library), "no library");
        }
        assertThat(probe(List.of(libraries(libraries), cache(folder))))
                .singleElement()
                .asString()
                .contains("libcuda.so.1 cannot be loaded");
    }

    /** Python packages have separate folders. */
    @Test
    void findsLibrariesInPythonPackages() throws Exception {
        Path site = folder.resolve("site-packages");
        for (String name : List.of("cublas/libcublas.so.12", "cuda_nvrtc/libnvrtc.so.12")) {
            Path library = site.resolve("nvidia").resolve(name);
            Path place = library.resolveSibling("lib").resolve(String.valueOf(library.getFileName()));
            Files.createDirectories(place.getParent());
            Files.createFile(place);
        }
        Settings settings = Settings.of(name -> name.equals(Settings.LIBRARIES) ? site.toString() : null, name -> null);
        assertThat(LibrarySearch.of(settings).find("libcublas.so.12"))
                .contains(site.resolve("nvidia/cublas/lib/libcublas.so.12").toAbsolutePath());
        assertThat(LibrarySearch.of(settings).find("libnvrtc.so.12"))
                .contains(site.resolve("nvidia/cuda_nvrtc/lib/libnvrtc.so.12").toAbsolutePath());
    }

    /** On any Linux with glibc. */
    @Test
    void readsTheLinkerCache() {
        Path index = Path.of("/etc/ld.so.cache");
        assumeThat(index).exists();
        assertThat(LinkerCache.find(index, "libc.so.6"))
                .hasValueSatisfying(path -> assertThat(path).exists());
        assertThat(LinkerCache.find(index, "libnone.so.1")).isEmpty();
        assertThat(LinkerCache.find(folder.resolve("none"), "libc.so.6")).isEmpty();
    }

    @Test
    void concurrentProcessesUnpackSafely() throws Exception {
        List<String> flags = List.of(libraries(StandIn.folder()), cache(folder));
        assertThat(probe(flags)).hasSize(1);
        keepOnlyKernels();
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            processes.add(start(flags, List.of(), List.of()));
        }
        for (Process process : processes) {
            assertThat(output(process)).singleElement().asString().startsWith("opened: CUDA stand-in (CPU)");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .hasSize(4)
                    .noneMatch(file -> file.toString().endsWith(".tmp"));
        }
    }

    /** Compiling them is slow on the stand-in and irrelevant here. */
    private void keepOnlyKernels() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path library :
                    files.filter(file -> file.toString().endsWith(".so")).toList()) {
                Files.delete(library);
            }
        }
    }

    @Test
    void damagedCacheFilesAreRecreated() throws Exception {
        List<String> flags = List.of(libraries(StandIn.folder()), cache(folder));
        List<String> first = probe(flags);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                content[content.length / 2] ^= 1;
                Files.write(file, Arrays.copyOf(content, content.length - 7));
            }
        }
        assertThat(probe(flags)).isEqualTo(first);
    }

    @Test
    void anUnwritableFolderIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(probe(List.of(libraries(StandIn.folder()), cache(file))))
                .singleElement()
                .asString()
                .contains(file.toString(), "cannot take", "-Dbpnn.cache=FOLDER");
    }

    @Test
    void fullOrNoexecFileSystems() throws Exception {
        assertThat(onOwnFileSystem("size=1m")).singleElement().asString().contains("cannot take the 1173 KiB", "space");
        assertThat(onOwnFileSystem("noexec"))
                .singleElement()
                .asString()
                .contains("was unpacked, but cannot be loaded", "noexec", "-Dbpnn.cache=FOLDER");
    }

    private List<String> onOwnFileSystem(String options) throws Exception {
        Path mount = folder.resolve("mount");
        Files.createDirectories(mount);
        List<String> wrapper = List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o " + options + " tmpfs '" + mount + "' && exec \"$@\"",
                "sh");
        List<String> check = new ArrayList<>(wrapper);
        check.add("true");
        assumeThat(runs(check)).as("file systems can be mounted").isTrue();
        return output(start(List.of(libraries(StandIn.folder()), cache(mount)), wrapper, List.of()));
    }

    private static boolean runs(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String libraries(Path libraries) {
        return "-D" + Settings.LIBRARIES + "=" + libraries;
    }

    private static String cache(Path cache) {
        return "-D" + Settings.CACHE + "=" + cache;
    }

    private static List<String> probe(List<String> flags, String... environment) throws Exception {
        return output(start(flags, List.of(), List.of(environment)));
    }

    private static Process start(List<String> flags, List<String> wrapper, List<String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ChildJvm.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        builder.environment().remove("LD_LIBRARY_PATH");
        return builder.start();
    }

    private static List<String> output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines()
                .filter(line -> !line.matches("(WARNING:|OpenJDK|It's highly recommended).*"))
                .toList();
    }

    /** Main class of a JVM that probes and, if available, opens the backend. */
    static final class ChildJvm {
        private ChildJvm() {}

        public static void main(String[] arguments) {
            CudaBackendProvider provider = new CudaBackendProvider();
            Availability availability = provider.probe();
            if (availability instanceof Availability.Unavailable unavailable) {
                System.out.println(unavailable.reason() + " " + unavailable.hint());
            } else {
                try (Backend backend = provider.open(BackendConfig.defaults())) {
                    System.out.println("opened: " + backend.device());
                }
            }
        }
    }
}
