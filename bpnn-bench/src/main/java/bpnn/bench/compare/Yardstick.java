package bpnn.bench.compare;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Another library, as the profile {@code yardsticks} has built it.
 *
 * @param name for the table
 * @param lead the goal for the program's speed-up over it
 * @param mostImages in an epoch: of a slow one fewer say as much
 * @param main the class that serves its epochs
 * @param classPath its class path: the libraries do not go together in one JVM
 * @param cache where it unpacks its native code
 * @param environment variables of its process
 */
record Yardstick(
        String name,
        double lead,
        int mostImages,
        String main,
        String classPath,
        Path cache,
        Map<String, String> environment) {

    /** PyTorch's library. */
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
            String classPath = target.resolve("classes") + File.pathSeparator + libraries;
            String main = "bpnn.bench." + folder + "." + training;
            return new Yardstick(name, lead, mostImages, main, classPath, target.resolve("native"), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " has not been built; build with -Pyardsticks", e);
        }
    }

    /** The same in another environment. */
    Yardstick in(Map<String, String> variables) {
        return new Yardstick(name, lead, mostImages, main, classPath, cache, variables);
    }

    /** The same, with another goal. */
    Yardstick lead(double times) {
        return new Yardstick(name, times, mostImages, main, classPath, cache, environment);
    }
}
