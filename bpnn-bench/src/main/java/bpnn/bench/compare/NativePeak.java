package bpnn.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fma peak by a C program, to check that of {@link bpnn.bench.FmaPeak}. */
final class NativePeak {
    private NativePeak() {}

    /**
     * Compiles and runs it.
     *
     * @param bits of the vectors
     * @return in GFLOP/s
     */
    static double measure(Path root, int threads, int bits, Path work) {
        Path source = root.resolve("bpnn-bench").resolve("yardsticks").resolve("peak.c");
        Path program = work.resolve("peak");
        List<String> compile = new ArrayList<>(List.of("cc", "-O2", "-march=native", "-DBITS=" + bits));
        compile.addAll(List.of("-pthread", "-o", program.toString(), source.toString()));
        output(compile);
        return Double.parseDouble(output(List.of(program.toString(), Integer.toString(threads))));
    }

    private static String output(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command.get(0) + " failed: " + text);
            }
            return text;
        } catch (IOException e) {
            throw new IllegalStateException("There is no " + command.get(0) + " to measure the peak with", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
