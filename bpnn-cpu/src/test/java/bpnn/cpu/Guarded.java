package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Matrices for tests, each in the middle of its buffer with sentinels on both sides. */
final class Guarded {
    private static final int GUARD = 37;
    /** A NaN with a payload of its own: it spoils whatever is computed with it, and is recognised where it lies. */
    private static final float SENTINEL = Float.intBitsToFloat(0x7fc5a5a5);

    private static final float[] SPECIAL = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        0f,
        -0f,
        1f,
        -1f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL / 3,
        Float.MIN_NORMAL,
        -Float.MAX_VALUE,
        1e-30f,
        3e30f,
        -0.7f
    };

    private Guarded() {}

    /** A matrix of zeros between sentinels. */
    static Matrix zeros(int rows, int columns) {
        HeapBuffer buffer = new HeapBuffer(ElementType.FLOAT32, rows * columns + 2 * GUARD, new AtomicInteger());
        Matrix matrix = new Matrix(buffer, GUARD, rows, columns);
        float[] all = HeapBuffer.floats(matrix);
        Arrays.fill(all, SENTINEL);
        Arrays.fill(all, GUARD, GUARD + rows * columns, 0);
        return matrix;
    }

    /** Ordinary numbers in [-2, 2). */
    static Matrix ordinary(int rows, int columns, int seed) {
        RandomStream random = new RandomStream(seed, Purpose.SYNTHETIC_DATA, 0, 0);
        Matrix matrix = zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            HeapBuffer.floats(matrix)[GUARD + i] = random.nextFloat(-2, 2);
        }
        return matrix;
    }

    /** Ordinary numbers in [0, 2]. */
    static Matrix positive(int rows, int columns, int seed) {
        Matrix matrix = ordinary(rows, columns, seed);
        for (int i = 0; i < matrix.size(); i++) {
            HeapBuffer.floats(matrix)[GUARD + i] = Math.abs(HeapBuffer.floats(matrix)[GUARD + i]);
        }
        return matrix;
    }

    /** Every tenth number or so is not ordinary: NaN, infinite, ±0, subnormal, huge. */
    static Matrix special(int rows, int columns, int seed) {
        Matrix matrix = ordinary(rows, columns, seed);
        RandomStream random = new RandomStream(seed, Purpose.SYNTHETIC_DATA, 1, 0);
        for (int i = 0; i < matrix.size(); i++) {
            if (random.nextInt(10) == 0) {
                HeapBuffer.floats(matrix)[GUARD + i] = SPECIAL[random.nextInt(SPECIAL.length)];
            }
        }
        return matrix;
    }

    /** The same elements in a buffer of their own. */
    static Matrix copy(Matrix matrix) {
        Matrix copy = zeros(matrix.rows(), matrix.cols());
        System.arraycopy(
                HeapBuffer.floats(matrix), matrix.offset(), HeapBuffer.floats(copy), copy.offset(), matrix.size());
        return copy;
    }

    /** Every bit of {@code actual} is that of {@code expected}, NaN payloads apart, and nothing beside it was written. */
    static void assertSameBits(Matrix actual, Matrix expected, String what) {
        float[] found = HeapBuffer.floats(actual);
        float[] wanted = HeapBuffer.floats(expected);
        for (int i = 0; i < expected.size(); i++) {
            float one = found[actual.offset() + i];
            float other = wanted[expected.offset() + i];
            if (Float.floatToIntBits(one) != Float.floatToIntBits(other)) {
                throw new AssertionError(what + ": element (" + i / expected.cols() + ", " + i % expected.cols()
                        + ") is " + one + " = " + Float.toHexString(one) + ", but should be " + other + " = "
                        + Float.toHexString(other));
            }
        }
        assertThat(found).as("length of the buffer").hasSize(actual.size() + 2 * GUARD);
        for (int i = 0; i < GUARD; i++) {
            int before = Float.floatToRawIntBits(found[i]);
            int after = Float.floatToRawIntBits(found[GUARD + actual.size() + i]);
            int sentinel = Float.floatToRawIntBits(SENTINEL);
            if (before != sentinel || after != sentinel) {
                throw new AssertionError(what + ": an element beside the matrix was overwritten");
            }
        }
    }
}
