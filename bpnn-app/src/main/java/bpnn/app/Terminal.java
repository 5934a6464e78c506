package bpnn.app;

import java.io.PrintStream;
import java.util.regex.Pattern;

/**
 * Where the program writes.
 *
 * @param out results
 * @param err everything else
 * @param interactive whether somebody watches {@code err}, so that lines may be redrawn
 * @param colour whether colours are welcome
 * @param columns width of {@code err}
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean colour, int columns) {
    private static final int DEFAULT_COLUMNS = 80;

    /** What moves the cursor, changes colours or hides letters; all but the ends of lines. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\n]]");

    /** The real one. The launcher says what it found, because Java before 22 cannot tell. */
    public static Terminal system() {
        boolean interactive = Boolean.getBoolean("bpnn.terminal");
        String noColor = System.getenv("NO_COLOR");
        boolean colour = interactive && (noColor == null || noColor.isEmpty());
        int columns = Integer.getInteger("bpnn.columns", DEFAULT_COLUMNS);
        return new Terminal(System.out, System.err, interactive, colour, columns < 40 ? DEFAULT_COLUMNS : columns);
    }

    /** A sentence to {@code err}. It may quote a foreign file, and what that holds is not for the terminal to obey. */
    public void complain(String sentence) {
        err.println(CONTROL.matcher(sentence).replaceAll("?"));
    }
}
