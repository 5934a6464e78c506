package bpnn.app.experiment.report;

import java.util.List;

/**
 * A claim beside what was measured.
 *
 * @param claim what is said to be so
 * @param source who says it
 * @param seen what the measurement shows, computed from it
 * @param support what that means for the claim
 * @param figures pictures of it
 */
public record Finding(String claim, String source, String seen, Support support, List<Figure> figures) {
    public Finding {
        figures = List.copyOf(figures);
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
