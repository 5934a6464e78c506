package bpnn.tck;

/**
 * One line of the kit, to be run once, in the order of the list.
 *
 * @param group what it looks at
 * @param name the kernel or the statement, unique within the group
 * @param check finds out
 */
public record ConformanceCase(Group group, String name, Check check) {
    /** The work of a case. */
    @FunctionalInterface
    public interface Check {
        /** May throw whatever the backend throws, which is a failure too. */
        Findings run();
    }

    /** Runs it. */
    public CaseResult run() {
        long start = System.nanoTime();
        Findings findings;
        try {
            findings = check.run();
        } catch (RuntimeException | LinkageError | AssertionError | OutOfMemoryError thrown) {
            findings = Findings.failed("It threw " + thrown + firstFrame(thrown));
        }
        return new CaseResult(group, name, findings, (System.nanoTime() - start) * 1e-9);
    }

    private static String firstFrame(Throwable thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        return frames.length == 0 ? "" : " at " + frames[0];
    }
}
