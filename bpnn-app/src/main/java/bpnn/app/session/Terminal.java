package bpnn.app.session;

import java.io.PrintStream;
import java.util.regex.Pattern;

/**
 * Where the program writes.
 *
 * @param out results
 * @param err everything else
 * @param interactive whether {@code err} is a terminal, where lines can be redrawn
 * @param colour whether colours are welcome
 * @param columns width of {@code err}
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean colour, int columns) {
    /** What moves the cursor, changes colours or hides letters; all but the ends of lines. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\n]]");

    /** Where to break lines: not at all where a program reads them. */
    public int lineLimit() {
        return interactive ? columns : Integer.MAX_VALUE;
    }

    /** A sentence to {@code err}. It may quote a foreign file, and what that holds is not for the terminal to obey. */
    public void complain(String sentence) {
        err.println(CONTROL.matcher(sentence).replaceAll("?"));
    }
}
