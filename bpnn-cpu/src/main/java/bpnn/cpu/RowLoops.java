package bpnn.cpu;

import static bpnn.spi.HeapBuffer.floats;

import bpnn.spi.Matrix;

/**
 * Loops over columns {@code from .. to - 1} of one row, or of rows {@code row0 .. row1 - 1} that form one block of a
 * sum, in plain Java: the inner loops of column sums and batch normalisation. Matrices of one row, and arrays, hold one
 * value per column.
 */
class RowLoops {
    /** sum_j += Σ x_ij. */
    void addSums(Matrix x, int row0, int row1, BlockSums sums, int from, int to) {
        float[] block = sums.begin(from, to);
        for (int i = row0; i < row1; i++) {
            int start = x.offset() + i * x.cols();
            for (int j = from; j < to; j++) {
                block[j] += floats(x)[start + j];
            }
        }
        sums.end(from, to);
    }

    /** sum_j += Σ (x_ij - mean_j)². */
    void addSquares(Matrix x, Matrix mean, int row0, int row1, BlockSums sums, int from, int to) {
        float[] block = sums.begin(from, to);
        for (int i = row0; i < row1; i++) {
            int start = x.offset() + i * x.cols();
            for (int j = from; j < to; j++) {
                float difference = floats(x)[start + j] - floats(mean)[mean.offset() + j];
                block[j] += difference * difference;
            }
        }
        sums.end(from, to);
    }

    /** sum_j += Σ dy_ij · ((x_ij - mean_j) · inverse_j). */
    void addProducts(
            Matrix x, Matrix mean, Matrix inverse, Matrix dy, int row0, int row1, BlockSums sums, int from, int to) {
        float[] block = sums.begin(from, to);
        for (int i = row0; i < row1; i++) {
            int start = i * x.cols();
            for (int j = from; j < to; j++) {
                float centred = floats(x)[x.offset() + start + j] - floats(mean)[mean.offset() + j];
                float normalised = centred * floats(inverse)[inverse.offset() + j];
                block[j] += floats(dy)[dy.offset() + start + j] * normalised;
            }
        }
        sums.end(from, to);
    }

    /** y_ij = ((x_ij - mean_j) · inverse_j) · γ_j + β_j. */
    void normalise(
            Matrix x, int i, Matrix gamma, Matrix beta, Matrix mean, Matrix inverse, Matrix y, int from, int to) {
        int start = i * x.cols();
        for (int j = from; j < to; j++) {
            float centred = floats(x)[x.offset() + start + j] - floats(mean)[mean.offset() + j];
            float normalised = centred * floats(inverse)[inverse.offset() + j];
            float scaled = normalised * floats(gamma)[gamma.offset() + j];
            floats(y)[y.offset() + start + j] = scaled + floats(beta)[beta.offset() + j];
        }
    }

    /** dx_ij = ((dy_ij - shift_j) - ((x_ij - mean_j) · inverse_j) · slope_j) · scale_j; dx may be dy. */
    void gradient(
            Matrix x,
            int i,
            Matrix mean,
            Matrix inverse,
            Matrix dy,
            float[] shift,
            float[] slope,
            float[] scale,
            Matrix dx,
            int from,
            int to) {
        int start = i * x.cols();
        for (int j = from; j < to; j++) {
            float centred = floats(x)[x.offset() + start + j] - floats(mean)[mean.offset() + j];
            float normalised = centred * floats(inverse)[inverse.offset() + j];
            float difference = floats(dy)[dy.offset() + start + j] - shift[j];
            floats(dx)[dx.offset() + start + j] = (difference - normalised * slope[j]) * scale[j];
        }
    }
}
