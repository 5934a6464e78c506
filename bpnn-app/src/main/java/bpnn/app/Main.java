package bpnn.app;

import bpnn.app.session.Terminal;

/** Where the program starts. */
public final class Main {
    private static final int DEFAULT_COLUMNS = 80;

    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(new Program(terminal()).run(arguments));
    }

    /** The launcher says what it found, because Java before 22 cannot tell. */
    private static Terminal terminal() {
        boolean interactive = Boolean.getBoolean("bpnn.terminal");
        String noColor = System.getenv("NO_COLOR");
        boolean colour = interactive && (noColor == null || noColor.isEmpty());
        int columns = Integer.getInteger("bpnn.columns", DEFAULT_COLUMNS);
        return new Terminal(System.out, System.err, interactive, colour, columns < 40 ? DEFAULT_COLUMNS : columns);
    }
}
