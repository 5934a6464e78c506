package bpnn.app.config;

import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/** Suggests the nearest known word. */
final class Spelling {
    private Spelling() {}

    /** The word that the fewest insertions, deletions and substitutions make of {@code word}. */
    static String nearest(String word, Set<String> known) {
        return new TreeSet<>(known)
                .stream()
                        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                        .orElse("");
    }

    /** V. I. Levenshtein's distance, a row of the table at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
