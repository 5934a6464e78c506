package bpnn.app;

import bpnn.app.session.Terminal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the program within the test's JVM, or by the launcher in a place that a user may work in: see {@link LauncherCli}.
 */
public record Cli(int exitCode, String out, String err) {

    public static Cli run(Object... arguments) {
        return run(false, arguments);
    }

    /** As on a terminal of 100 columns. */
    public static Cli runInteractively(Object... arguments) {
        return run(true, arguments);
    }

    private static Cli run(boolean interactive, Object... arguments) {
        if (LauncherCli.isWanted()) {
            return LauncherCli.run(interactive, arguments);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive,
                false,
                100);
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int exitCode = new Program(terminal).run(words);
        return new Cli(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Starts the program in a JVM of its own, which says nothing and can be killed. */
    public static Process start(Object... arguments) throws IOException {
        if (LauncherCli.isWanted()) {
            return LauncherCli.builder(arguments)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The last line of standard output. */
    public JsonNode json() {
        try {
            return new ObjectMapper().readTree(out.strip().lines().reduce("", (a, b) -> b));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON on the last line of: " + out, e);
        }
    }
}
