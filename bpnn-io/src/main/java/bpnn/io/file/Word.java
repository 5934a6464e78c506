package bpnn.io.file;

import java.util.Locale;

/** Constants as words, such as {@code per-example}: how files, options and reports name them. */
public final class Word {
    private Word() {}

    /** The word for a constant. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
