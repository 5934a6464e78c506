package bpnn.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What can be found out about the CPU without loading a vector class. */
final class Processor {
    private static final Path LINUX_CPU_INFO = Path.of("/proc/cpuinfo");
    private static final int BATCHES = 20;
    private static final int FMAS = 50;
    /** Interpreted, an fma takes tens of nanoseconds; emulated with BigDecimal, microseconds. */
    private static final long SLOW_FMA_NANOS = 500;

    private Processor() {}

    /** Number of cores and model name, such as "2 cores of AMD EPYC". */
    static String description() {
        int cores = Runtime.getRuntime().availableProcessors();
        return cores + (cores == 1 ? " core of " : " cores of ") + name();
    }

    private static String name() {
        return linuxName().orElse("a processor of the kind " + System.getProperty("os.arch"));
    }

    private static Optional<String> linuxName() {
        if (!Files.isReadable(LINUX_CPU_INFO)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(LINUX_CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Whether {@link Math#fma} is an instruction here; otherwise Java emulates it, far more slowly. */
    static boolean hasFma() {
        long fastest = Long.MAX_VALUE;
        float sum = 0;
        for (int batch = 0; batch < BATCHES && fastest > FMAS * SLOW_FMA_NANOS; batch++) {
            long start = System.nanoTime();
            for (int i = 0; i < FMAS; i++) {
                sum = Math.fma(0.3f, i, sum);
            }
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest <= FMAS * SLOW_FMA_NANOS && !Float.isNaN(sum);
    }
}
