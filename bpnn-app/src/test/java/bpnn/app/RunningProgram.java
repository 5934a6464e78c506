package bpnn.app;

import bpnn.app.session.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command that works in another thread of the test's JVM, and says where its page is. */
public final class RunningProgram {
    private static final Pattern URL = Pattern.compile("(http://127\\.0\\.0\\.1:[0-9]+/)");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> exitCode;

    private RunningProgram(String... arguments) {
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                100);
        exitCode = CompletableFuture.supplyAsync(() -> new Program(terminal).run(arguments), work -> {
            Thread thread = new Thread(work, "running program");
            thread.setDaemon(true);
            thread.start();
        });
    }

    public static RunningProgram start(Object... arguments) {
        return new RunningProgram(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    }

    /** Where the page is, once that has been said. */
    public URI url() throws InterruptedException {
        while (true) {
            Matcher said = URL.matcher(text(err) + text(out));
            if (said.find()) {
                return URI.create(said.group(1));
            }
            if (exitCode.isDone()) {
                throw new AssertionError("It has ended: " + text(err));
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    public boolean isDone() {
        return exitCode.isDone();
    }

    /** Waits for its end. */
    public Cli end() {
        int code = exitCode.join();
        return new Cli(code, text(out), text(err));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
