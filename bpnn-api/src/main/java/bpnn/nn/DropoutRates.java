package bpnn.nn;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Probabilities of dropping a unit, each in [0, 1); 0 for no dropout.
 *
 * @param input of the inputs
 * @param hidden of each hidden layer, or a single one for all of them
 */
public record DropoutRates(float input, List<Float> hidden) {
    /** No dropout. */
    public static final DropoutRates NONE = of(0);

    /** @throws IllegalArgumentException if a rate is not in [0, 1) or there is none */
    public DropoutRates {
        hidden = List.copyOf(hidden);
        check(input);
        hidden.forEach(DropoutRates::check);
        if (hidden.isEmpty()) {
            throw new IllegalArgumentException("There must be a dropout rate for the hidden layers, if only 0");
        }
    }

    private static void check(float rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("The dropout rate must be in [0, 1), but is " + rate);
        }
    }

    /** The same rate for all hidden layers, and none for the inputs. */
    public static DropoutRates of(float rate) {
        return new DropoutRates(0, List.of(rate));
    }

    /** The rate of a hidden layer, counted from 0. */
    public float at(int layer) {
        return hidden.size() == 1 ? hidden.get(0) : hidden.get(layer);
    }

    /** Whether anything is dropped. */
    public boolean isAny() {
        return input > 0 || hidden.stream().anyMatch(rate -> rate > 0);
    }

    /** The rates of the hidden layers, such as 0.2 or 0.2,0.5. */
    @Override
    public String toString() {
        return hidden.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
