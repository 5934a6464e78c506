package bpnn.bench.compare;

import bpnn.bench.EpochServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;

/** A contender's process, which trains an epoch when asked to and costs nothing otherwise. */
final class ContenderProcess implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 120_000;
    private static final Timer WATCH = new Timer("patience", true);

    private final Contender contender;
    private final Path log;
    private final Process process;
    private final BufferedReader answers;
    private final String description;

    /**
     * An epoch.
     *
     * @param seconds how long it took
     * @param allocated bytes allocated on the Java heap
     * @param loss the mean loss
     */
    record Epoch(double seconds, long allocated, double loss) {}

    /**
     * Starts it, and trains until it is warm.
     *
     * @param logs folder for what it says
     */
    ContenderProcess(Contender contender, Path logs) {
        this.contender = contender;
        this.log = logs.resolve(contender.name().toLowerCase(Locale.ROOT) + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(contender.command()).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Settings of the shell would preempt those under test.
        builder.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_") || name.startsWith("OMP_"));
        builder.environment().putAll(contender.environment());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(contender.name() + " cannot be started", e);
        }
        answers = process.inputReader(StandardCharsets.UTF_8);
        try {
            description = answer();
            for (int i = 0; i < contender.warmUp(); i++) {
                epoch();
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The library and its versions. */
    String description() {
        return description;
    }

    Contender contender() {
        return contender;
    }

    /** Trains for one epoch. */
    Epoch epoch() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(contender.name() + " has ended; " + log + " may say why", e);
        }
        String[] words = answer().split(" ");
        return new Epoch(Double.parseDouble(words[0]), Long.parseLong(words[1]), Double.parseDouble(words[2]));
    }

    private String answer() {
        TimerTask end = new TimerTask() {
            @Override
            public void run() {
                process.destroyForcibly();
            }
        };
        WATCH.schedule(end, PATIENCE_MILLIS);
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(EpochServer.MARK)) {
                    return line.substring(EpochServer.MARK.length() + 1);
                }
            }
            throw new IllegalStateException(contender.name() + " has ended, or took more than " + PATIENCE_MILLIS / 1000
                    + " s; " + log + " may say why");
        } catch (IOException e) {
            throw new UncheckedIOException(contender.name() + " does not answer", e);
        } finally {
            end.cancel();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
