package bpnn.lab.sweep;

/** What the values of options are like. */
public final class ParameterValues {
    private ParameterValues() {}

    /** Whether a value can be placed on an axis of numbers. */
    public static boolean isNumber(String value) {
        return value.matches("-?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");
    }
}
