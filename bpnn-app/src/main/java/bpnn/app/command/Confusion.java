package bpnn.app.command;

import bpnn.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which class was read as which.
 *
 * @param counts a row for each true class, a column for each class that was read, and a last one for none at all
 * @param names what the classes are called
 */
@SuppressWarnings("ArrayRecordComponent") // a table that is filled once; identity is the right equality
record Confusion(int[][] counts, List<String> names) {
    private static final int MOST_FREQUENT = 5;

    /** A table of more classes than this is wider than a terminal. */
    private static final int MOST_SHOWN = 12;

    private static final int WIDEST_NAME = 20;
    private static final int COLUMN = 6;

    private record Mistake(int truth, int read, int times) {}

    static Confusion of(Dataset images, int[] predictions) {
        int[][] counts = new int[images.classes()][images.classes() + 1];
        for (int i = 0; i < predictions.length; i++) {
            counts[images.label(i)][predictions[i]]++;
        }
        return new Confusion(counts, images.classNames());
    }

    /** The table, and the most frequent mistakes in words. */
    String text() {
        if (counts.length > MOST_SHOWN) {
            return weakest() + "\n" + mistakes();
        }
        int wide = Math.max(4, longest(WIDEST_NAME));
        StringBuilder text = new StringBuilder(" ".repeat(wide + 2)).append("read as\n");
        text.append(padded("true", -wide)).append(' ');
        for (int read = 0; read < counts.length; read++) {
            text.append(' ').append(padded(names.get(read), COLUMN - 1));
        }
        text.append('\n');
        for (int truth = 0; truth < counts.length; truth++) {
            text.append(padded(names.get(truth), names.get(truth).length() == 1 ? wide : -wide))
                    .append(' ');
            for (int read = 0; read < counts.length; read++) {
                int times = counts[truth][read];
                text.append(times == 0 ? "     ." : String.format(Locale.ROOT, "%6d", times));
            }
            text.append('\n');
        }
        return text.append(mistakes()).toString();
    }

    private int longest(int most) {
        return Math.min(most, names.stream().mapToInt(String::length).max().orElse(1));
    }

    /** A name cut or filled up to a width; on the left if it is negative. */
    private static String padded(String name, int width) {
        int side = Math.abs(width);
        String brief = name.length() <= side ? name : name.substring(0, side - 1) + "…";
        return String.format(Locale.ROOT, "%" + width + "s", brief);
    }

    /** The classes of which the largest share was misread. */
    private String weakest() {
        return IntStream.range(0, counts.length)
                .boxed()
                .filter(of -> Arrays.stream(counts[of]).sum() > 0)
                .sorted(Comparator.comparingDouble(this::recall))
                .limit(MOST_FREQUENT)
                .map(of -> String.format(Locale.ROOT, "%s (%.1f %%)", names.get(of), 100 * recall(of)))
                .collect(Collectors.joining(", ", "Least often read rightly: ", "."));
    }

    private double recall(int of) {
        return (double) counts[of][of] / Arrays.stream(counts[of]).sum();
    }

    private String mistakes() {
        List<Mistake> mistakes = new ArrayList<>();
        for (int truth = 0; truth < counts.length; truth++) {
            for (int read = 0; read < counts.length; read++) {
                if (truth != read && counts[truth][read] > 0) {
                    mistakes.add(new Mistake(truth, read, counts[truth][read]));
                }
            }
        }
        if (mistakes.isEmpty()) {
            return "No image was misread.";
        }
        mistakes.sort(Comparator.comparingInt(Mistake::times)
                .reversed()
                .thenComparing(Mistake::truth)
                .thenComparing(Mistake::read));
        return mistakes.stream()
                .limit(MOST_FREQUENT)
                .map(m -> names.get(m.truth) + " as " + names.get(m.read) + " (" + m.times + ")")
                .collect(Collectors.joining(", ", "Most often misread: ", "."));
    }
}
