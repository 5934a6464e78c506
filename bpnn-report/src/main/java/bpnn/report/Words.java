package bpnn.report;

import bpnn.lab.statistics.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** Numbers in sentences. */
public final class Words {
    private static final List<String> SMALL = List.of("No", "One", "Two", "Three", "Four", "Five", "Six");
    private static final MathContext THREE_DIGITS = new MathContext(3);

    private Words() {}

    /** Three significant digits. */
    public static String number(double value) {
        if (!Double.isFinite(value)) {
            return "not a number";
        }
        if (value != 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6)) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        return new BigDecimal(value).round(THREE_DIGITS).toPlainString();
    }

    /** A share as a percentage. */
    public static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.2f %%", 100 * share) : "not a number";
    }

    /** A difference of shares in percentage points with its interval. */
    public static String points(Interval difference) {
        return String.format(
                Locale.ROOT,
                "%+.2f points, 95 %% interval %+.2f to %+.2f",
                100 * difference.mean(),
                100 * difference.low(),
                100 * difference.high());
    }

    /** A difference with its interval, where there is one. */
    public static String difference(Interval difference) {
        if (difference.isKnown() && difference.low() == difference.high()) {
            return "difference " + number(difference.mean()) + ", the same for all seeds";
        }
        return difference.isKnown()
                ? "difference " + number(difference.mean()) + ", 95 % interval " + number(difference.low()) + " to "
                        + number(difference.high())
                : "difference " + number(difference.mean()) + ", one seed gives no interval";
    }

    /** A number at the beginning of a sentence, as a word if it is a small one. */
    static String count(int number) {
        return number < SMALL.size() ? SMALL.get(number) : String.valueOf(number);
    }

    /** How many seeds. */
    public static String seeds(int count) {
        return count == 1 ? "1 seed" : count + " seeds";
    }

    /** "a, b and c". */
    public static String list(List<String> words) {
        int last = words.size() - 1;
        return last < 1
                ? String.join("", words)
                : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }
}
