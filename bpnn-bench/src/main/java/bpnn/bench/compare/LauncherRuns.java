package bpnn.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The program as its users start it. */
final class LauncherRuns {
    private static final Pattern FIRST_STEP = Pattern.compile("\"firstStep\" : \"([^\"]+)\"");
    private static final Pattern PEAK_MEMORY = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final long LOOK_MILLIS = 20;

    private final Path root;
    private final List<String> data;
    private final Path runs;
    private int count;

    /**
     * A run.
     *
     * @param seconds from the start of the launcher to the end of the program
     * @param firstStep seconds from the start of the launcher to the end of the first training step, if there was one
     * @param megabytes most memory that was resident
     */
    record Run(double seconds, Optional<Double> firstStep, double megabytes) {}

    /**
     * @param root where the launcher lies
     * @param data options that name the data set
     * @param work folder for runs
     */
    LauncherRuns(Path root, List<String> data, Path work) {
        this.root = root;
        this.data = data;
        this.runs = work;
    }

    /** Trains. */
    Run train(String... options) {
        Path out = runs.resolve("run-" + count++);
        delete(out);
        List<String> command = command("train");
        command.addAll(List.of("--out", out.toString()));
        command.addAll(List.of(options));
        Instant start = Instant.now();
        Run run = run(command);
        Matcher step = FIRST_STEP.matcher(read(out.resolve("run.json")));
        return step.find()
                ? new Run(
                        run.seconds,
                        Optional.of(seconds(Duration.between(start, Instant.parse(step.group(1))))),
                        run.megabytes)
                : run;
    }

    /** Reads the first test image with the network that was trained last. */
    Run predict() {
        List<String> command = command("predict");
        Path model = runs.resolve("run-" + (count - 1)).resolve("model.safetensors");
        command.addAll(List.of("--index", "0", "--model", model.toString()));
        return run(command);
    }

    private List<String> command(String name) {
        List<String> command = new ArrayList<>(List.of(root.resolve("bpnn").toString(), name, "--quiet"));
        command.addAll(data);
        return command;
    }

    private Run run(List<String> command) {
        Path log = runs.resolve("launcher.log");
        try {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            double megabytes = 0;
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                megabytes = Math.max(megabytes, peakMegabytes(process.pid()));
            }
            double seconds = seconds(Duration.ofNanos(System.nanoTime() - start));
            if (process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed; " + log + " says why");
            }
            return new Run(seconds, Optional.empty(), megabytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The launcher's process becomes the JVM. */
    private static double peakMegabytes(long process) {
        try {
            Matcher peak = PEAK_MEMORY.matcher(Files.readString(Path.of("/proc", Long.toString(process), "status")));
            return peak.find() ? Long.parseLong(peak.group(1)) / 1024.0 : 0;
        } catch (IOException e) {
            // It has just ended, or this system tells nothing about processes.
            return 0;
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() * 1e-9;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
