package bpnn.tck;

import java.util.OptionalDouble;

/**
 * What a case found.
 *
 * @param verdict how it ended
 * @param worst the largest error in units of its bound, at most 1 in a case that passed; empty where bits were compared
 * @param nmse the largest normalised mean square error of a call, Σ (found - true)² / Σ true²; empty where there is none
 * @param message what failed, or what was looked at, in one sentence
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
