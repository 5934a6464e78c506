package bpnn.bench.compare;

import java.util.Locale;

/**
 * A line of the table.
 *
 * @param what is measured
 * @param goal in words, or nothing
 * @param measured in words
 * @param verdict met, missed, or nothing
 */
record Row(String what, String goal, String measured, String verdict) {
    /** A figure that should not be less than a bound. */
    static Row atLeast(double bound, String unit, String what, Samples samples, String format, String remark) {
        return of(what, "≥ ", bound, unit, samples, format, remark, samples.median() >= bound);
    }

    /** A figure that should not be more than a bound. */
    static Row atMost(double bound, String unit, String what, Samples samples, String format, String remark) {
        return of(what, "≤ ", bound, unit, samples, format, remark, samples.median() <= bound);
    }

    private static Row of(
            String what,
            String relation,
            double bound,
            String unit,
            Samples samples,
            String format,
            String remark,
            boolean met) {
        return new Row(
                what,
                relation + String.format(Locale.ROOT, format, bound) + unit,
                samples.text(format) + unit + (remark.isEmpty() ? "" : "; " + remark),
                met ? "met" : "missed");
    }

    /** A figure without a goal. */
    static Row figure(String what, String measured) {
        return new Row(what, "", measured, "");
    }

    /** A figure that could not be had. */
    static Row failed(String what, RuntimeException reason) {
        return new Row(what, "", "not measured: " + reason.getMessage(), "");
    }

    /** As a line of Markdown. */
    String markdown() {
        return "| " + what + " | " + goal + " | " + measured + " | " + verdict + " |";
    }
}
