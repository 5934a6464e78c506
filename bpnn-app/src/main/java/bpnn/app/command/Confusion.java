package bpnn.app.command;

import bpnn.data.Dataset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Which class was read as which.
 *
 * @param counts a row for each true class, a column for each class that was read, and a last one for none at all
 */
@SuppressWarnings("ArrayRecordComponent") // a table that is filled once; identity is the right equality
record Confusion(int[][] counts) {
    private static final int MOST_FREQUENT = 5;

    private record Mistake(int truth, int read, int times) {}

    static Confusion of(Dataset images, int[] predictions) {
        int[][] counts = new int[images.classes()][images.classes() + 1];
        for (int i = 0; i < predictions.length; i++) {
            counts[images.label(i)][predictions[i]]++;
        }
        return new Confusion(counts);
    }

    /** The table, and the most frequent mistakes in words. */
    String text() {
        StringBuilder text = new StringBuilder("      read as\ntrue ");
        for (int read = 0; read < counts.length; read++) {
            text.append(String.format(Locale.ROOT, "%6d", read));
        }
        text.append('\n');
        for (int truth = 0; truth < counts.length; truth++) {
            text.append(String.format(Locale.ROOT, "%4d ", truth));
            for (int read = 0; read < counts.length; read++) {
                int times = counts[truth][read];
                text.append(times == 0 ? "     ." : String.format(Locale.ROOT, "%6d", times));
            }
            text.append('\n');
        }
        return text.append(mistakes()).toString();
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
                .map(m -> m.truth + " as " + m.read + " (" + m.times + ")")
                .collect(Collectors.joining(", ", "Most often misread: ", "."));
    }
}
