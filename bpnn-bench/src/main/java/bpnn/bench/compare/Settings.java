package bpnn.bench.compare;

import bpnn.bench.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What to measure.
 *
 * @param root the project's folder
 * @param yardsticks whether other libraries were built
 * @param python the Python that may have PyTorch
 * @param images folder with MNIST, or {@value Workload#SYNTHETIC}
 * @param threads threads to compute with
 * @param rounds epochs of each contender that count
 * @param count images in an epoch
 */
record Settings(Path root, boolean yardsticks, Path python, String images, int threads, int rounds, int count) {
    /** Where the tests look for MNIST, too. */
    private static final Path USUAL_IMAGES = Path.of("..", "shared", "mnist");

    /** A virtual environment with PyTorch; see docs/performance.md. */
    private static final Path USUAL_PYTHON = Path.of("bpnn-bench", ".venv", "bin", "python3");

    private static final int THREADS = 2;
    private static final int ROUNDS = 5;

    /** Reads the command line. */
    static Settings parse(List<String> words, Path root) {
        boolean yardsticks = false;
        Path folder = root.resolve(USUAL_IMAGES).normalize();
        String images = Files.isDirectory(folder) ? folder.toString() : Workload.SYNTHETIC;
        int threads = Math.min(THREADS, Runtime.getRuntime().availableProcessors());
        int rounds = ROUNDS;
        int count = Workload.MNIST;
        Path python = root.resolve(USUAL_PYTHON);
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--yardsticks" -> yardsticks = true;
                case "--python" -> python = Path.of(value(words, ++i));
                case "--data-dir" -> images = value(words, ++i);
                case "--threads" -> threads = Integer.parseInt(value(words, ++i));
                case "--rounds" -> rounds = Integer.parseInt(value(words, ++i));
                case "--images" -> count = Integer.parseInt(value(words, ++i));
                default ->
                    throw new IllegalArgumentException("There is no option " + words.get(i) + "; there are"
                            + " --python FILE, --data-dir DIR, --threads N, --rounds N and --images N.");
            }
        }
        return new Settings(root, yardsticks, python, images, threads, rounds, count);
    }

    private static String value(List<String> words, int place) {
        if (place == words.size()) {
            throw new IllegalArgumentException("The option " + words.get(place - 1) + " needs a value.");
        }
        return words.get(place);
    }

    /** Options of the launcher that name the data set. */
    List<String> dataOptions() {
        return images.equals(Workload.SYNTHETIC)
                ? List.of("--dataset", images)
                : List.of("--dataset", "mnist", "--data-dir", images);
    }

    /** Folder for logs and runs. */
    Path work() {
        return root.resolve("bpnn-bench").resolve("target").resolve("compare");
    }
}
