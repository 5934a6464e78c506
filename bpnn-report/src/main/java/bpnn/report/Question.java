package bpnn.report;

import bpnn.chart.Figure;
import bpnn.report.Finding.Support;
import java.util.function.Function;

/**
 * What a study asks first, and how its chapter begins. The answer is the support of the study's first claim.
 *
 * @param holds the beginning of a sentence that says so
 * @param fails the same where it does not hold
 * @param undecided the same where the seeds cannot tell
 * @param quantity the two numbers of the headline
 * @param picture the picture to remember
 */
public record Question(
        String holds,
        String fails,
        String undecided,
        Function<Evidence, Quantity> quantity,
        Function<Evidence, Figure> picture) {

    /**
     * What was measured, a number for each seed.
     *
     * @param name of it
     * @param without the trick
     * @param with the trick
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of measurements; identity is the right equality
    public record Quantity(String name, double[] without, double[] with) {}

    String phrase(Support support) {
        return switch (support) {
            case SUPPORTED -> holds;
            case NOT_SUPPORTED -> fails;
            case UNDECIDED -> undecided;
        };
    }
}
