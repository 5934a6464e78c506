package bpnn.tck;

/**
 * One case of the kit; run once, in the order of the list.
 *
 * @param group the group of the case
 * @param name the kernel or property under test, unique within the group
 * @param check performs the check
 */
public record ConformanceCase(Group group, String name, Check check) {
    /** The check of a case. */
    @FunctionalInterface
    public interface Check {
        /** May throw whatever the backend throws, which counts as a failure. */
        Findings run();
    }

    /** Runs the case. */
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
