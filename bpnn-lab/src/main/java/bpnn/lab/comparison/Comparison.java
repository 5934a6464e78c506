package bpnn.lab.comparison;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A training beside the one that it is compared with.
 *
 * @param reference the one
 * @param other the other
 * @param settings what they were given to do differently; empty where the trainings are the same
 * @param surroundings what else differs: backend, device, versions
 * @param divergence where their losses diverge
 * @param distances of the weights, by the steps after which they are known
 * @param parting what their traces say; null unless both have one
 * @param verdict what comes out
 * @param reason the verdict as a sentence
 */
public record Comparison(
        ComparedRun reference,
        ComparedRun other,
        List<String> settings,
        List<String> surroundings,
        LossDivergence divergence,
        SortedMap<Long, WeightDistance> distances,
        @Nullable TraceParting parting,
        Verdict verdict,
        String reason) {

    /**
     * The first losses are sums over a batch of products of up to some thousand terms, before any weight has moved: what
     * honest float32 leaves of them differs by some 1e-7. Inputs in TF32 or bf16 change the fourth to the sixth digit.
     */
    static final double FIRST_LOSS = 1e-5;

    /** Judges; see the components. */
    public static Comparison of(
            ComparedRun reference,
            ComparedRun other,
            List<String> settings,
            List<String> surroundings,
            SortedMap<Long, WeightDistance> distances,
            double threshold) {
        LossDivergence divergence = LossDivergence.of(reference.losses(), other.losses(), threshold);
        Verdict verdict = verdict(reference, other, settings, divergence);
        return new Comparison(
                reference,
                other,
                List.copyOf(settings),
                List.copyOf(surroundings),
                divergence,
                distances,
                null,
                verdict,
                reason(verdict, reference, other, settings, divergence));
    }

    /** The same with what traces say. */
    Comparison with(@Nullable TraceParting traces) {
        return new Comparison(reference, other, settings, surroundings, divergence, distances, traces, verdict, reason);
    }

    private static Verdict verdict(
            ComparedRun reference, ComparedRun other, List<String> settings, LossDivergence divergence) {
        if (reference.weightsSha256().equals(other.weightsSha256())) {
            return Verdict.SAME_BITS;
        }
        if (!settings.isEmpty()) {
            return Verdict.OTHER_TRAININGS;
        }
        boolean exact = reference.backend().isExact() && other.backend().isExact();
        return exact || firstLossesDiffer(divergence) || !reference.test().agreesWith(other.test())
                ? Verdict.DIFFER
                : Verdict.AGREE;
    }

    private static boolean firstLossesDiffer(LossDivergence divergence) {
        Double first = divergence.first();
        return first != null && !(first <= FIRST_LOSS);
    }

    private static String reason(
            Verdict verdict,
            ComparedRun reference,
            ComparedRun other,
            List<String> settings,
            LossDivergence divergence) {
        String names = other.name() + " and " + reference.name();
        return switch (verdict) {
            case SAME_BITS -> "Same bits: " + names + " end with the same weights.";
            case OTHER_TRAININGS ->
                "Not comparable: " + names + " are different trainings, of which " + settings.size()
                        + (settings.size() == 1 ? " setting differs." : " settings differ.");
            case AGREE ->
                "Agree: " + names + firstLosses(divergence) + " accuracies within each other's 95 % intervals.";
            case DIFFER -> "DIFFER: " + names + " " + fault(reference, other, divergence) + ".";
        };
    }

    private static String firstLosses(LossDivergence divergence) {
        Double first = divergence.first();
        if (first == null) {
            return " have";
        }
        return first == 0
                ? " have first losses of the same bits, and"
                : " have first losses equal to " + LossDivergence.digits(first) + " digits, and";
    }

    private static String fault(ComparedRun reference, ComparedRun other, LossDivergence divergence) {
        Double first = divergence.first();
        if (first != null && !(first <= FIRST_LOSS)) {
            return String.format(
                    Locale.ROOT,
                    "have first losses that differ by %.1e of their size, where float32 leaves at most %.0e",
                    first,
                    FIRST_LOSS);
        }
        if (!reference.test().agreesWith(other.test())) {
            return String.format(
                    Locale.ROOT,
                    "end with test accuracies of %.4f and %.4f, which lie outside each other's 95 %% intervals",
                    other.test().share(),
                    reference.test().share());
        }
        return "both claim exact arithmetic, but end with other bits";
    }

    /** Test images that the two read differently; null where that is not known. */
    public @Nullable Long readDifferently() {
        int[] a = reference.predictions();
        int[] b = other.predictions();
        if (a == null || b == null || a.length != b.length) {
            return null;
        }
        return IntStream.range(0, a.length).filter(i -> a[i] != b[i]).count();
    }

    /** Whether nothing is wrong. */
    public boolean isGood() {
        return verdict == Verdict.SAME_BITS || verdict == Verdict.AGREE;
    }
}
