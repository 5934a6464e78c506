package bpnn.tck.oracle;

import bpnn.spi.BinaryOp;
import bpnn.spi.UnaryOp;

/**
 * Error bounds of float32 operations. All are multiples of the unit roundoff u = 2⁻²⁴, the maximum relative error of
 * one correct rounding.
 */
final class Rounding {
    /** u. */
    static final double UNIT = 0x1p-24;

    /**
     * The bound of a sum grows only up to this number of terms. The worst-case error of a sum of n terms is n u times
     * the sum of magnitudes, but independent rounding errors grow like a random walk: float32 dot products of 128 to
     * 784 terms, sequential or by a library, were measured below 3.7 u, those of inputs rounded to 10 bits at 890 u and
     * more.
     */
    private static final int LONGEST = 16;

    /**
     * Error of exp, log, tanh and sigmoid in u: 4 ulp, each at most 2 u. {@link bpnn.spi.ExactMath} needs up to 2.5 ulp
     * over all inputs; 4 allow for other libraries.
     */
    private static final int FUNCTION = 8;

    /** 1 ulp, which allows for libraries whose √ and ÷ are not quite correctly rounded. */
    private static final int OPERATION = 2;

    private Rounding() {}

    /**
     * A dot product of {@code n} terms: n multiplications, rounded or fused, and n - 1 additions; each term is rounded
     * at most n times.
     */
    static double product(int n) {
        return Math.min(n, LONGEST) * UNIT;
    }

    /** A sum of {@code n} terms: in any order, each term is rounded at most n - 1 times. */
    static double sum(int n) {
        return Math.min(Math.max(n - 1, 0), LONGEST) * UNIT;
    }

    /**
     * The absolute error of {@code n} operations with subnormal results: one unit each, and one for the final result.
     */
    static double tiny(int n) {
        return (n + 1) * (double) Float.MIN_VALUE;
    }

    /** The bound of op(x), given the bound of x. */
    static double of(UnaryOp op, double x, double bound) {
        double value = Math.abs(Float64Kernels.apply(op, x));
        double moved = bound == 0 ? 0 : moved(op, x, bound);
        return switch (op) {
            case COPY, RELU -> moved;
            case SQRT -> moved + OPERATION * UNIT * (value + moved);
            case LOG, TANH -> moved + FUNCTION * UNIT * (value + moved) + tiny(1);
            // Libraries may flush the last results before 0.
            case EXP, SIGMOID -> moved + FUNCTION * UNIT * (value + moved) + Float.MIN_NORMAL;
        };
    }

    /** The change of op(x) if x changes by {@code bound}, using the maximum derivative on the interval. */
    private static double moved(UnaryOp op, double x, double bound) {
        double nearest = Math.max(Math.abs(x) - bound, 0);
        return switch (op) {
            case COPY -> bound;
            case RELU -> x < -bound ? 0 : bound;
            case EXP -> Math.exp(x) * Math.expm1(bound);
            case LOG -> x > bound ? -Math.log1p(-bound / x) : Double.POSITIVE_INFINITY;
            case SQRT -> Math.min(Math.sqrt(bound), bound / Math.sqrt(x));
            case TANH -> bound * (1 - Math.pow(Math.tanh(nearest), 2));
            case SIGMOID -> bound * Math.exp(-nearest) / Math.pow(1 + Math.exp(-nearest), 2);
        };
    }

    /**
     * The bound of op(a, b), given the bounds of the operands. Sums are bounded by their terms, not by their result,
     * because a fused kernel may expand (x - μ) γ into x γ - μ γ.
     */
    static double of(BinaryOp op, double a, double boundA, double b, double boundB) {
        double x = Math.abs(a);
        double y = Math.abs(b);
        switch (op) {
            case ADD, SUBTRACT -> {
                return boundA + boundB + OPERATION * UNIT * (x + boundA + y + boundB);
            }
            case MULTIPLY -> {
                double moved = x * boundB + y * boundA + boundA * boundB;
                return moved + OPERATION * UNIT * (x * y + moved) + tiny(1);
            }
            case DIVIDE -> {
                double moved = y > boundB ? (boundA + x / y * boundB) / (y - boundB) : Double.POSITIVE_INFINITY;
                return moved + OPERATION * UNIT * (x / y + moved) + tiny(1);
            }
            case GREATER, EQUAL -> {
                // If the intervals of the operands overlap, either answer is correct.
                return boundA + boundB > 0 && Math.abs(a - b) <= boundA + boundB ? 1 : 0;
            }
        }
        throw new AssertionError(op);
    }
}
