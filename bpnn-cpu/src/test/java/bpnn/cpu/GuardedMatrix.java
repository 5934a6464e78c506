package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Test matrices, each surrounded by sentinels in its buffer. */
final class GuardedMatrix {
    private static final int GUARD = 37;
    /** A NaN with a recognisable payload: it poisons any result that reads it. */
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

    private GuardedMatrix() {}

    /** A matrix of zeros. */
    static Matrix zeros(int rows, int columns) {
        HeapBuffer buffer = new HeapBuffer(ElementType.FLOAT32, rows * columns + 2 * GUARD, new AtomicInteger());
        Matrix matrix = new Matrix(buffer, GUARD, rows, columns);
        float[] all = HeapBuffer.floats(matrix);
        Arrays.fill(all, SENTINEL);
        Arrays.fill(all, GUARD, GUARD + rows * columns, 0);
        return matrix;
    }

    /** Uniform in [-2, 2). */
    static Matrix uniform(int rows, int columns, int seed) {
        RandomStream random = new RandomStream(seed, Purpose.SYNTHETIC_DATA, 0, 0);
        Matrix matrix = zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            HeapBuffer.floats(matrix)[GUARD + i] = random.nextFloat(-2, 2);
        }
        return matrix;
    }

    /** Uniform in [0, 2]. */
    static Matrix positive(int rows, int columns, int seed) {
        Matrix matrix = uniform(rows, columns, seed);
        for (int i = 0; i < matrix.size(); i++) {
            HeapBuffer.floats(matrix)[GUARD + i] = Math.abs(HeapBuffer.floats(matrix)[GUARD + i]);
        }
        return matrix;
    }

    /** Uniform in [-2, 2), about one in ten replaced by NaN, infinity, ±0, a subnormal or a huge value. */
    static Matrix special(int rows, int columns, int seed) {
        Matrix matrix = uniform(rows, columns, seed);
        RandomStream random = new RandomStream(seed, Purpose.SYNTHETIC_DATA, 1, 0);
        for (int i = 0; i < matrix.size(); i++) {
            if (random.nextInt(10) == 0) {
                HeapBuffer.floats(matrix)[GUARD + i] = SPECIAL[random.nextInt(SPECIAL.length)];
            }
        }
        return matrix;
    }

    /** A copy in its own buffer. */
    static Matrix copy(Matrix matrix) {
        Matrix copy = zeros(matrix.rows(), matrix.cols());
        System.arraycopy(
                HeapBuffer.floats(matrix), matrix.offset(), HeapBuffer.floats(copy), copy.offset(), matrix.size());
        return copy;
    }

    /** Asserts that all bits agree, NaN payloads apart, and that the sentinels are intact. */
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
