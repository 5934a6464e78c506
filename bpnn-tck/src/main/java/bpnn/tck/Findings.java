package bpnn.tck;

import java.util.OptionalDouble;

/**
 * The findings of a case.
 *
 * @param verdict the verdict
 * @param worst the largest error as a multiple of its bound, at most 1 in a passed case; empty if bits were compared
 * @param nmse the largest normalised mean square error of a call, Σ (found - true)² / Σ true²; empty if not computed
 * @param message what failed or what was checked, in one sentence
 */
public record Findings(Verdict verdict, OptionalDouble worst, OptionalDouble nmse, String message) {
    static Findings passed(String message) {
        return new Findings(Verdict.PASSED, OptionalDouble.empty(), OptionalDouble.empty(), message);
    }

    static Findings failed(String message) {
        return new Findings(Verdict.FAILED, OptionalDouble.empty(), OptionalDouble.empty(), message);
    }

    static Findings skipped(String message) {
        return new Findings(Verdict.SKIPPED, OptionalDouble.empty(), OptionalDouble.empty(), message);
    }
}
