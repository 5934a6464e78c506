package bpnn.app.option;

import java.util.Locale;

/** A closed choice, by the word that stands on the command line and in {@code run.json}. */
public interface Named {
    /** The constant's name. */
    String name();

    /** The word, such as {@code per-example}. */
    default String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
