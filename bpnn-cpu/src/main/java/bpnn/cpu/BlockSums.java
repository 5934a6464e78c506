package bpnn.cpu;

import bpnn.spi.Reduction;
import java.util.Arrays;

/** Column sums in the order of {@link Reduction#SUM}: each block of rows from +0, then the block sums. */
final class BlockSums {
    private float[] block = {};
    private float[] total = {};

    /** Ensures capacity for {@code columns} columns. */
    void require(int columns) {
        if (total.length < columns) {
            block = new float[columns];
            total = new float[columns];
        }
    }

    /** Sets the totals of columns {@code from .. to - 1} to +0. */
    void clear(int from, int to) {
        Arrays.fill(total, from, to, 0f);
    }

    /** The accumulators of a block, reset to +0 in columns {@code from .. to - 1}. */
    float[] begin(int from, int to) {
        Arrays.fill(block, from, to, 0f);
        return block;
    }

    /** Adds the block to the totals. */
    void end(int from, int to) {
        for (int j = from; j < to; j++) {
            total[j] += block[j];
        }
    }

    /** One total per column. */
    float[] total() {
        return total;
    }
}
