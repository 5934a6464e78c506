package bpnn.app;

/** Where the program starts. */
public final class Main {
    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(new Program(Terminal.system()).run(arguments));
    }
}
