package bpnn.app.option;

/** Ranges of option values; what lies outside is a {@link UsageException}. */
public final class Range {
    private Range() {}

    /** At least {@code least}. */
    public static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw new UsageException(option + " is " + value + ", but must be at least " + least + ".");
        }
    }

    /** At least {@code least} and at most {@code most}. */
    public static void within(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new UsageException(option + " is " + value + ", but must be between " + least + " and " + most + ".");
        }
    }

    /** Refuses NaN too. */
    public static void positive(String option, float value) {
        if (!(value > 0 && value < Float.POSITIVE_INFINITY)) {
            throw new UsageException(option + " is " + value + ", but must be a positive number.");
        }
    }

    /** Refuses NaN too. */
    public static void notNegative(String option, float value) {
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
            throw new UsageException(option + " is " + value + ", but must be 0 or a positive number.");
        }
    }

    /** Refuses NaN too. */
    public static void share(String option, float value) {
        if (!(value >= 0 && value < 1)) {
            throw new UsageException(option + " is " + value + ", but must be at least 0 and less than 1.");
        }
    }
}
