package bpnn.lab.statistics;

import bpnn.data.Dataset;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Confusion matrix, summed over runs.
 *
 * @param counts a row for each true class, a column for each predicted class
 */
@SuppressWarnings("ArrayRecordComponent") // a table that is filled once; identity is the right equality
public record ConfusionMatrix(long[][] counts) {

    /** @param runs the misclassified images of each run over {@code test}; those without a predicted class are left out */
    public static ConfusionMatrix of(Dataset test, List<List<Misclassification>> runs) {
        long[][] counts = new long[test.classes()][test.classes()];
        for (int image = 0; image < test.size(); image++) {
            counts[test.label(image)][test.label(image)] += runs.size();
        }
        for (List<Misclassification> run : runs) {
            for (Misclassification misread : run) {
                int truth = test.label(misread.image());
                counts[truth][truth]--;
                if (misread.read() < test.classes()) {
                    counts[truth][misread.read()]++;
                }
            }
        }
        return new ConfusionMatrix(counts);
    }

    /** How many classes there are. */
    public int classes() {
        return counts.length;
    }

    /** Those classes that take part in most mistakes, at most so many, in their order. */
    public List<Integer> mostConfused(int most) {
        long[] mistakes = new long[classes()];
        for (int truth = 0; truth < classes(); truth++) {
            for (int read = 0; read < classes(); read++) {
                if (truth != read) {
                    mistakes[truth] += counts[truth][read];
                    mistakes[read] += counts[truth][read];
                }
            }
        }
        return IntStream.range(0, classes())
                .boxed()
                .sorted(Comparator.comparingLong(of -> -mistakes[of]))
                .limit(most)
                .sorted()
                .toList();
    }

    /** Precision: of the images predicted as a class, the share that belongs to it; NaN if there are none. */
    public double precision(int of) {
        long read = 0;
        for (long[] row : counts) {
            read += row[of];
        }
        return (double) counts[of][of] / read;
    }

    /** Recall: of the images of a class, the share that was predicted as it; NaN if there are none. */
    public double recall(int of) {
        long all = 0;
        for (long count : counts[of]) {
            all += count;
        }
        return (double) counts[of][of] / all;
    }

    /** The harmonic mean of precision and recall. */
    public double f1(int of) {
        return 2 * precision(of) * recall(of) / (precision(of) + recall(of));
    }
}
