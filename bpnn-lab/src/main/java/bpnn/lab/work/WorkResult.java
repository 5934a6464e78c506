package bpnn.lab.work;

/**
 * An item that has been carried out.
 *
 * @param item which
 * @param outcome what it came to
 * @param worker who carried it out; empty for this process
 */
public record WorkResult(WorkItem item, WorkOutcome outcome, String worker) {}
