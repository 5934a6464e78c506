package bpnn.cpu;

import bpnn.spi.Reduction;
import java.util.Arrays;

/** Sums down the columns of a matrix, in the order of {@link Reduction#SUM}: each block of rows from +0, then the blocks. */
final class BlockSums {
    private float[] block = {};
    private float[] total = {};

    /** Makes room for a number of columns. */
    void require(int columns) {
        if (total.length < columns) {
            block = new float[columns];
            total = new float[columns];
        }
    }

    /** Sets the sums of columns {@code from .. to - 1} to +0. */
    void clear(int from, int to) {
        Arrays.fill(total, from, to, 0f);
    }

    /** Where a block of columns {@code from .. to - 1} adds up, set to +0. */
    float[] begin(int from, int to) {
        Arrays.fill(block, from, to, 0f);
        return block;
    }

    /** Adds the block to the sums. */
    void end(int from, int to) {
        for (int j = from; j < to; j++) {
            total[j] += block[j];
        }
    }

    /** One for each column. */
    float[] total() {
        return total;
    }
}
