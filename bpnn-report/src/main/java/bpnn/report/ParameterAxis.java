package bpnn.report;

import bpnn.lab.sweep.ParameterValues;
import bpnn.lab.sweep.TrialResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Where the values of an option stand on an axis from 0 to 1: numbers by size, over a wide range by their logarithms; words
 * one after the other.
 */
final class ParameterAxis {
    /** A range is wide from this ratio on. */
    private static final double WIDE = 20;

    /** More distinct numbers than these are a continuum. */
    private static final int MOST_TICKS = 8;

    private final String parameter;
    private final List<String> values;
    private final boolean numeric;
    private final boolean logarithmic;

    ParameterAxis(String parameter, List<TrialResult> results) {
        this.parameter = parameter;
        List<String> distinct =
                new ArrayList<>(new TreeSet<>(results.stream().map(this::value).toList()));
        this.numeric = distinct.stream().allMatch(ParameterValues::isNumber);
        if (numeric) {
            distinct.sort(Comparator.comparingDouble(Double::parseDouble));
        }
        this.values = List.copyOf(distinct);
        this.logarithmic = numeric && number(0) > 0 && number(values.size() - 1) / number(0) >= WIDE;
    }

    /** The value of a configuration. */
    String value(TrialResult result) {
        return result.trial().options().getOrDefault(parameter, "–");
    }

    private double number(int index) {
        return Double.parseDouble(values.get(index));
    }

    /** Distinct values in their order. */
    List<String> values() {
        return values;
    }

    /** Whether values repeat, so that a mean over each makes sense. */
    boolean isDiscrete() {
        return values.size() <= MOST_TICKS || !numeric;
    }

    /** What is written on the axis. */
    List<String> ticks() {
        return isDiscrete()
                ? values
                : List.of(values.get(0), values.get(values.size() / 2), values.get(values.size() - 1));
    }

    /** The place of a value. */
    double place(String value) {
        if (values.size() == 1) {
            return 0.5;
        }
        if (!numeric || (isDiscrete() && !logarithmic)) {
            return (double) values.indexOf(value) / (values.size() - 1);
        }
        double low = scaled(number(0));
        return (scaled(Double.parseDouble(value)) - low) / (scaled(number(values.size() - 1)) - low);
    }

    private double scaled(double number) {
        return logarithmic ? Math.log(number) : number;
    }
}
