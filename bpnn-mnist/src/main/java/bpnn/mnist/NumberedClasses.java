package bpnn.mnist;

import bpnn.data.DataException;
import bpnn.data.ImageFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Classes that a data set numbers: from the least label to the greatest, whatever the least is.
 *
 * @param first the least label
 * @param names a name for each class: its label
 * @param gap a sentence about labels between them that no image has, if there are any
 */
public record NumberedClasses(int first, List<String> names, Optional<String> gap) {
    private static final int LISTED = 10;

    /**
     * The classes of all parts of a data set together.
     *
     * @param source what the labels come from, such as the name of a file
     * @throws DataException if a label is negative, or there are fewer than 2 classes or more than 1000
     */
    public static NumberedClasses of(String source, List<int[]> labels) {
        int least = labels.stream().flatMapToInt(Arrays::stream).min().orElse(0);
        int greatest = labels.stream().flatMapToInt(Arrays::stream).max().orElse(0);
        if (least < 0) {
            throw new DataException(source + " has the label " + least + ", but classes are counted from 0.");
        }
        if (greatest == least) {
            throw new DataException("All images of " + source + " have the label " + least
                    + ", so there is nothing to tell apart; at least 2 classes are needed.");
        }
        if ((long) greatest - least >= ImageFormat.MAX_CLASSES) {
            throw new DataException("The labels of " + source + " go from " + least + " to " + greatest
                    + ", but at most " + ImageFormat.MAX_CLASSES + " classes can be told apart.");
        }
        List<String> names = new ArrayList<>();
        IntStream.rangeClosed(least, greatest).forEach(label -> names.add(String.valueOf(label)));
        return new NumberedClasses(least, names, gap(source, labels, least, greatest));
    }

    private static Optional<String> gap(String source, List<int[]> labels, int least, int greatest) {
        BitSet seen = new BitSet();
        labels.stream().flatMapToInt(Arrays::stream).forEach(label -> seen.set(label - least));
        List<String> missing = IntStream.rangeClosed(least, greatest)
                .filter(label -> !seen.get(label - least))
                .mapToObj(String::valueOf)
                .toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        String listed = String.join(", ", missing.subList(0, Math.min(LISTED, missing.size())));
        return Optional.of("The labels of " + source + " go from " + least + " to " + greatest
                + ", but no image has the label " + listed
                + (missing.size() > LISTED ? " or " + (missing.size() - LISTED) + " more" : "")
                + "; the network gets an output for each all the same.");
    }

    /** Labels as classes, counted from 0, in place. */
    public int[] toClasses(int[] labels) {
        for (int i = 0; i < labels.length; i++) {
            labels[i] -= first;
        }
        return labels;
    }
}
