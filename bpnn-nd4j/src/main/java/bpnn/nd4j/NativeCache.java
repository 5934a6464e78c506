package bpnn.nd4j;

import bpnn.spi.Availability.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder to which JavaCPP unpacks native libraries, and whether it is usable. JavaCPP uses the first writable
 * candidate, even if the file system is mounted noexec.
 *
 * @param folder where the libraries are unpacked, once
 * @param mounts the list of mounts, in the format of {@code /proc/mounts}
 */
record NativeCache(Path folder, List<String> mounts) {
    /** JavaCPP's setting for its folder. */
    static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

    /** Size of the unpacked libraries, rounded up. */
    private static final long ROOM = 400L << 20;

    private static final Path LARGEST = Path.of("org/nd4j/linalg/cpu/nativecpu/bindings/linux-x86_64/libnd4jcpu.so");
    private static final Path MOUNTS = Path.of("/proc/mounts");

    /** The first writable candidate of JavaCPP, or its first candidate. */
    static NativeCache ofThisMachine() {
        String set = System.getProperty(PROPERTY);
        Path home = Path.of(System.getProperty("user.home"), ".javacpp", "cache");
        Path temporary =
                Path.of(System.getProperty("java.io.tmpdir"), ".javacpp-" + System.getProperty("user.name"), "cache");
        List<Path> candidates = set == null ? List.of(home, temporary) : List.of(Path.of(set), home, temporary);
        Path folder =
                candidates.stream().filter(NativeCache::isWritable).findFirst().orElse(candidates.get(0));
        return new NativeCache(folder, mountsOfThisMachine());
    }

    private static List<String> mountsOfThisMachine() {
        try {
            return Files.readAllLines(MOUNTS);
        } catch (IOException e) {
            // Without the list the folder is assumed to be executable.
            return List.of();
        }
    }

    /** The reason why unpacking or loading would fail; null if none is known. */
    @Nullable
    Unavailable obstacle() {
        if (!isWritable(folder)) {
            return unavailable(folder + ", to which ND4J's native library is unpacked, cannot be written to");
        }
        if (isNoexec()) {
            return unavailable(folder + ", to which ND4J's native library is unpacked, is mounted with noexec, so"
                    + " nothing can be loaded from there");
        }
        try {
            long room = Files.getFileStore(existing(folder)).getUsableSpace();
            if (room < ROOM && !isUnpacked()) {
                return unavailable("ND4J's native library is unpacked to " + folder + " and needs " + (ROOM >> 20)
                        + " MB there, but only " + (room >> 20) + " MB are free");
            }
        } catch (IOException e) {
            return new Unavailable(
                    folder + ", to which ND4J's native library is unpacked, cannot be examined: " + e.getMessage(),
                    hint(),
                    e);
        }
        return null;
    }

    private static Unavailable unavailable(String reason) {
        return new Unavailable(reason, hint(), null);
    }

    private static String hint() {
        return "Name another folder with -D" + PROPERTY + "=DIR.";
    }

    private static boolean isWritable(Path folder) {
        Path at = existing(folder);
        return Files.isDirectory(at) && Files.isWritable(at);
    }

    /** The folder, or the existing path at which it would be created. */
    private static Path existing(Path folder) {
        Path at = folder.toAbsolutePath();
        while (at.getParent() != null && !Files.exists(at)) {
            at = at.getParent();
        }
        return at;
    }

    /** JavaCPP uses one folder per jar. */
    private boolean isUnpacked() throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (var jars = Files.list(folder)) {
            return jars.anyMatch(jar -> Files.isRegularFile(jar.resolve(LARGEST)));
        }
    }

    /** Whether the innermost mount of the folder is noexec. */
    private boolean isNoexec() {
        Path at = existing(folder);
        String options = "";
        int depth = -1;
        for (String mount : mounts) {
            String[] fields = mount.split(" ", -1);
            if (fields.length >= 4) {
                Path point = Path.of(fields[1].replace("\\040", " "));
                if (at.startsWith(point) && point.getNameCount() >= depth) {
                    depth = point.getNameCount();
                    options = fields[3];
                }
            }
        }
        return Arrays.asList(options.split(",")).contains("noexec");
    }
}
