package bpnn.app.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * One run of the program, as its commands see it.
 *
 * @param terminal where to write
 * @param common the options of every command
 */
public record Session(Terminal terminal, CommonOptions common) {

    /** The same without the results of its commands, for a command that runs another one. */
    public Session withoutResults() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Session(
                new Terminal(nowhere, terminal.err(), terminal.interactive(), terminal.colour(), terminal.columns()),
                common);
    }

    /** The same without a word, for one of many commands at once. */
    public Session silent() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Session(new Terminal(nowhere, nowhere, false, false, terminal.columns()), common);
    }

    /** A line about what is going on, unless {@code --quiet}. */
    public void notice(String line) {
        if (!common.quiet()) {
            terminal.err().println(line);
        }
    }

    /** A line that matters even to the quiet. */
    public void warning(String line) {
        terminal.complain("Warning: " + line);
    }

    /** An error of the program that ended one of many requests, while the program goes on. */
    public void faultOfARequest(Throwable e) {
        warning("A request ended on an error of the program: " + e + ".");
        if (common.verbose()) {
            e.printStackTrace(terminal.err());
        }
    }

    /** The result: for people, or as one line of JSON. */
    public void result(String text, ObjectNode json) {
        terminal.out().println(common.json() ? json.toString() : text);
        terminal.out().flush();
    }
}
