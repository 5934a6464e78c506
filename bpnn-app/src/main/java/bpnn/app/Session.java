package bpnn.app;

import bpnn.app.option.CommonOptions;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One run of the program, as its commands see it.
 *
 * @param terminal where to write
 * @param common the options of every command
 */
public record Session(Terminal terminal, CommonOptions common) {

    /** A line about what is going on, unless {@code --quiet}. */
    public void notice(String line) {
        if (!common.quiet()) {
            terminal.err().println(line);
        }
    }

    /** A line that matters even to the quiet. */
    public void warning(String line) {
        terminal.err().println("Warning: " + line);
    }

    /** The result: for people, or as one line of JSON. */
    public void result(String text, ObjectNode json) {
        terminal.out().println(common.json() ? json.toString() : text);
        terminal.out().flush();
    }
}
