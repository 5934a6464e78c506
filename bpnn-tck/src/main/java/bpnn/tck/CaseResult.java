package bpnn.tck;

/**
 * A case and how it ended: a line of the table.
 *
 * @param group what it looked at
 * @param name the kernel or the statement, unique within the group
 * @param findings how it ended
 * @param seconds how long it took
 */
public record CaseResult(Group group, String name, Findings findings, double seconds) {
    /** Whether it failed. */
    public boolean failed() {
        return findings.verdict() == Verdict.FAILED;
    }
}
