package bpnn.tck;

/**
 * The result of a case: one line of the table.
 *
 * @param group the group of the case
 * @param name the kernel or property under test, unique within the group
 * @param findings the outcome
 * @param seconds the run time
 */
public record CaseResult(Group group, String name, Findings findings, double seconds) {
    /** Whether it failed. */
    public boolean failed() {
        return findings.verdict() == Verdict.FAILED;
    }
}
