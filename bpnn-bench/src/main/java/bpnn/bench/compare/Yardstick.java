package bpnn.bench.compare;

import bpnn.bench.FmaPeak;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Another library in a process of its own.
 *
 * @param name for the table
 * @param lead the goal for the program's speed-up over it
 * @param mostImages in an epoch: of a slow one fewer say as much
 * @param command serves its epochs, followed by the words of a workload
 * @param environment variables of its process
 */
record Yardstick(String name, double lead, int mostImages, List<String> command, Map<String, String> environment) {
    /** PyTorch's library for Java, as the profile {@code yardsticks} has built it. */
    static Yardstick libtorch(Path root) {
        return built(root, "libtorch", 3, Integer.MAX_VALUE, "libtorch", "LibtorchTraining");
    }

    /** Deep learning for Java, which takes ten times as long. */
    static Yardstick dl4j(Path root) {
        return built(root, "DL4J", 25, 6_000, "dl4j", "Dl4jTraining");
    }

    private static Yardstick built(
            Path root, String name, double lead, int mostImages, String folder, String training) {
        Path target = root.resolve("bpnn-bench").resolve(folder).resolve("target");
        try {
            String libraries = Files.readString(target.resolve("classpath")).strip();
            // The libraries do not go together in one JVM. Each unpacks its native code.
            List<String> command = List.of(
                    Contender.java(),
                    "-Dorg.bytedeco.javacpp.cachedir=" + target.resolve("native"),
                    "-cp",
                    target.resolve("classes") + File.pathSeparator + libraries,
                    "bpnn.bench." + folder + "." + training);
            return new Yardstick(name, lead, mostImages, command, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " has not been built; build with -Pyardsticks", e);
        }
    }

    /**
     * PyTorch as its makers publish it.
     *
     * @param python where {@code torch} can be imported
     * @param bits of the vectors that the program uses; PyTorch uses no longer ones
     */
    static Yardstick pyTorch(Path root, Path python, int bits) {
        Path script = root.resolve("bpnn-bench").resolve("yardsticks").resolve("pytorch_cpu.py");
        Map<String, String> environment = bits >= FmaPeak.WIDE_BITS
                ? Map.of()
                : Map.of(
                        "ATEN_CPU_CAPABILITY", "avx2", "MKL_ENABLE_INSTRUCTIONS", "AVX2", "ONEDNN_MAX_CPU_ISA", "AVX2");
        return new Yardstick(
                "PyTorch", 2, Integer.MAX_VALUE, List.of(python.toString(), script.toString()), environment);
    }

    /** The same in another environment, besides its own. */
    Yardstick in(Map<String, String> variables) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(variables);
        return new Yardstick(name, lead, mostImages, command, all);
    }

    /** The same with another word in its command. */
    Yardstick with(String word) {
        List<String> longer = new ArrayList<>(command);
        longer.add(word);
        return new Yardstick(name, lead, mostImages, longer, environment);
    }

    /** The same, with another goal. */
    Yardstick lead(double times) {
        return new Yardstick(name, times, mostImages, command, environment);
    }
}
