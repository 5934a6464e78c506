package bpnn.app.session;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of every command; they may stand before or after its name. */
public final class CommonOptions {
    @Option(
            names = {"-q", "--quiet"},
            fallbackValue = "true",
            scope = ScopeType.INHERIT,
            description = "Say nothing but results, warnings and errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            fallbackValue = "true",
            scope = ScopeType.INHERIT,
            description = "Show where an error came from.")
    private boolean verbose;

    @Option(
            names = "--json",
            fallbackValue = "true",
            scope = ScopeType.INHERIT,
            description = "Give the result as one JSON object on the last line of standard output.")
    private boolean json;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "Options in YAML, such as \"batch-size: 64\". What is given on the command line counts first,"
                            + " then -Dbatch-size=64, then the environment's BPNN_BATCH_SIZE, then the file, then train's --recipe.")
    @SuppressWarnings("unused") // read before the options are parsed; here for the help text
    private @Nullable Path config;

    @Option(
            names = "--print-config",
            fallbackValue = "true",
            scope = ScopeType.INHERIT,
            description = "Print the options in force and where each comes from, as such a file, and do nothing else.")
    private boolean printConfig;

    /** Whether the options in force are to be printed. */
    public boolean printConfig() {
        return printConfig;
    }

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
