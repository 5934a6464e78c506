package bpnn.report;

import bpnn.data.Dataset;
import java.util.List;

/**
 * What a report calls the classes of a data set.
 *
 * @param data the data set
 */
record ClassWords(Dataset data) {
    /** A table of more classes than this shows those with most mistakes. */
    static final int MOST_SHOWN = 30;

    private static final int DIGITS = 10;
    private static final int FEW = 12;
    private static final int SHORT = 3;

    /** What one of them is. */
    String noun() {
        return data.format().isNumbered() && data.classes() == DIGITS ? "digit" : "class";
    }

    /** Whether names fit above the columns of a table of so many. */
    boolean areShort(List<Integer> classes) {
        return classes.size() <= FEW && classes.stream().allMatch(of -> name(of).length() <= SHORT);
    }

    /** The name of a class, or that a network gave none. */
    String name(int of) {
        return of < data.classes() ? data.classNames().get(of) : "nothing";
    }
}
