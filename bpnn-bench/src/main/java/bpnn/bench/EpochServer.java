package bpnn.bench;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Trains an epoch for each line on standard input, and answers on standard output with its time in seconds, the bytes
 * that all threads allocated on the heap, and the mean loss. So several processes can take turns, and those that wait cost nothing.
 */
public final class EpochServer {
    /** Begins every answer, so that what a library prints is told apart. */
    public static final String MARK = "bpnn-bench";

    private EpochServer() {}

    /** Serves until standard input ends. */
    public static void serve(Training training) {
        say(training.description());
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            while (requests.readLine() != null) {
                long allocated = allocated();
                long start = System.nanoTime();
                double loss = training.epoch();
                double seconds = (System.nanoTime() - start) * 1e-9;
                say(seconds + " " + (allocated() - allocated) + " " + loss);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void say(String answer) {
        System.out.println(MARK + " " + answer);
        System.out.flush();
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
