package bpnn.app.session;

/** What the program tells its caller. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int INTERNAL = 1;
    public static final int USAGE = 2;
    public static final int BACKEND = 3;
    public static final int DATA = 4;
    public static final int DIVERGED = 5;
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
