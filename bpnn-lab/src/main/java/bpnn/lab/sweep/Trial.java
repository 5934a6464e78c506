package bpnn.lab.sweep;

import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One point of the space: what its runs have in common but for the seed.
 *
 * @param number from 1
 * @param options of {@code train} that this point sets, by their names without hyphens in front
 */
public record Trial(int number, SortedMap<String, String> options) {
    public Trial {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /** Its name. */
    public String name() {
        return String.format(Locale.ROOT, "trial-%03d", number);
    }
}
