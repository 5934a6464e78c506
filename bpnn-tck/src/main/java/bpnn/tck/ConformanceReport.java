package bpnn.tck;

import bpnn.spi.Numerics;
import java.util.List;

/**
 * The result of a run of the kit.
 *
 * @param backend the id of the backend
 * @param device the device in words
 * @param numerics the numerics it was opened with
 * @param seed the seed of all operands
 * @param results one entry per case, in the order of the run
 */
public record ConformanceReport(String backend, String device, Numerics numerics, long seed, List<CaseResult> results) {
    public ConformanceReport {
        results = List.copyOf(results);
    }

    /** Whether no case failed and at least one was not skipped. */
    public boolean passed() {
        return results.stream().noneMatch(CaseResult::failed) && skipped().size() < results.size();
    }

    /** The cases that were skipped, because the backend does not claim the property. */
    public List<CaseResult> skipped() {
        return results.stream()
                .filter(result -> result.findings().verdict() == Verdict.SKIPPED)
                .toList();
    }

    /** The cases that failed. */
    public List<CaseResult> failures() {
        return results.stream().filter(CaseResult::failed).toList();
    }

    /** Total run time. */
    public double seconds() {
        return results.stream().mapToDouble(CaseResult::seconds).sum();
    }
}
