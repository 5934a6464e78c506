package bpnn.app.option;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of every command; they may stand before or after its name. */
public final class CommonOptions {
    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Say nothing but results, warnings and errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show where an error came from.")
    private boolean verbose;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Give the result as one JSON object on the last line of standard output.")
    private boolean json;

    /** Whether notices and progress are unwanted. */
    public boolean quiet() {
        return quiet;
    }

    /** Whether stack traces are wanted. */
    public boolean verbose() {
        return verbose;
    }

    /** Whether the result is wanted as JSON. */
    public boolean json() {
        return json;
    }
}
