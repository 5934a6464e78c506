package bpnn.report;

import bpnn.chart.Figure;
import java.util.List;

/**
 * A claim beside what was measured.
 *
 * @param claim what is said to be so
 * @param source who says it
 * @param seen what the measurement shows, computed from it
 * @param details the same for each layer; may be empty
 * @param support what that means for the claim
 * @param figures pictures of it
 */
public record Finding(
        String claim, String source, String seen, List<String> details, Support support, List<Figure> figures) {
    public Finding {
        details = List.copyOf(details);
        figures = List.copyOf(figures);
    }

    /** A claim about the network as a whole. */
    public static Finding of(String claim, String source, String seen, Support support, List<Figure> figures) {
        return new Finding(claim, source, seen, List.of(), support, figures);
    }

    /** What a measurement means for a claim. */
    public enum Support {
        SUPPORTED("supported"),
        NOT_SUPPORTED("not supported"),
        UNDECIDED("cannot be told with these seeds");

        private final String words;

        Support(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
