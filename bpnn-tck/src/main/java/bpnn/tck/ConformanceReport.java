package bpnn.tck;

import bpnn.spi.Numerics;
import java.util.List;

/**
 * A whole run of the kit.
 *
 * @param backend its id
 * @param device the device in words
 * @param numerics the arithmetic it was opened with
 * @param seed the key of everything that was drawn
 * @param results one entry per case, in the order of the run
 */
public record ConformanceReport(String backend, String device, Numerics numerics, long seed, List<CaseResult> results) {
    public ConformanceReport {
        results = List.copyOf(results);
    }

    /** Whether no case failed, and not all of them were skipped. */
    public boolean passed() {
        return results.stream().noneMatch(CaseResult::failed) && skipped().size() < results.size();
    }

    /** The cases that ask for something that the backend does not claim. */
    public List<CaseResult> skipped() {
        return results.stream()
                .filter(result -> result.findings().verdict() == Verdict.SKIPPED)
                .toList();
    }

    /** The cases that failed. */
    public List<CaseResult> failures() {
        return results.stream().filter(CaseResult::failed).toList();
    }

    /** Time spent in all cases. */
    public double seconds() {
        return results.stream().mapToDouble(CaseResult::seconds).sum();
    }
}
