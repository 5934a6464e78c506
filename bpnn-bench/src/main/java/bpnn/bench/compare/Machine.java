package bpnn.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What Linux tells of the processor: its instruction set and its caches. */
final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
    /** The longest vectors first. */
    private static final List<String> VECTORS = List.of("avx512f", "avx2", "avx", "sve", "asimd");

    private Machine() {}

    /** Such as "avx512f; L1 data 32K, L2 1024K, L3 32768K"; empty where it cannot be found out. */
    static String description() {
        List<String> parts = new ArrayList<>();
        instructionSet().ifPresent(parts::add);
        List<String> caches = caches();
        if (!caches.isEmpty()) {
            parts.add(String.join(", ", caches));
        }
        return String.join("; ", parts);
    }

    private static Optional<String> instructionSet() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            List<String> flags = lines.filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .findFirst()
                    .map(line -> Arrays.asList(
                            line.substring(line.indexOf(':') + 1).strip().split(" ")))
                    .orElse(List.of());
            return VECTORS.stream().filter(flags::contains).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<String> caches() {
        List<String> found = new ArrayList<>();
        for (int i = 0; ; i++) {
            Path cache = CACHES.resolve("index" + i);
            try {
                String type = Files.readString(cache.resolve("type")).strip();
                if (!type.equals("Instruction")) {
                    String level = Files.readString(cache.resolve("level")).strip();
                    String size = Files.readString(cache.resolve("size")).strip();
                    found.add("L" + level + (type.equals("Data") ? " data " : " ") + size);
                }
            } catch (IOException e) {
                return found;
            }
        }
    }
}
