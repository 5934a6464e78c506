package bpnn.lab.audit;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Draws segments without putting them back. */
public final class SegmentSample {
    /** The share of forged segments that an audit is said to notice. */
    public static final double FORGED_SHARE = 0.1;

    private SegmentSample() {}

    /** Draws {@code count} of {@code all} numbers from 0 on, in ascending order; all of them if there are not more. */
    public static List<Integer> draw(int count, int all, long seed) {
        int[] numbers = new int[all];
        Arrays.setAll(numbers, i -> i);
        new RandomStream(seed, Purpose.AUDIT, 0, 0).shuffle(numbers);
        List<Integer> drawn = new ArrayList<>();
        for (int i = 0; i < Math.min(count, all); i++) {
            drawn.add(numbers[i]);
        }
        drawn.sort(null);
        return drawn;
    }

    /**
     * The probability that at least one of {@code forged} segments is among {@code count} that are drawn from {@code
     * all} (hypergeometric distribution).
     */
    public static double probabilityOfNoticing(int count, int all, int forged) {
        double missed = 1;
        for (int i = 0; i < count; i++) {
            missed *= Math.max(0, all - forged - i) / (double) (all - i);
        }
        return 1 - missed;
    }

    /** As many segments as {@value #FORGED_SHARE} of all are, at least one. */
    public static int forged(int all) {
        return Math.max(1, (int) Math.round(FORGED_SHARE * all));
    }
}
