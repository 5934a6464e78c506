package bpnn.tck.oracle;

import bpnn.spi.BinaryOp;
import bpnn.spi.UnaryOp;

/**
 * How large the error of a float32 operation may be. All bounds are in multiples of the unit roundoff u = 2⁻²⁴, the
 * largest relative error of one correct rounding.
 */
final class Rounding {
    /** u. */
    static final double UNIT = 0x1p-24;

    /**
     * Longer sums are held to the bound of so many terms. In the worst case the error of a sum of n terms is n u times the
     * sum of magnitudes; but roundings of
     * unrelated numbers add up like a random walk: honest float32 products of 128 to 784 terms, sequential or by a library,
     * were measured below 3.7 u, those of inputs rounded to 10 bits at 890 u and more.
     */
    private static final int LONGEST = 16;

    /**
     * Errors of exp, log, tanh and sigmoid in u: four units in the last place, each at most 2u of the value. The project's
     * own functions, measured over all inputs, need up to 2.5 of them ({@link bpnn.spi.ExactMath}); four leave room for
     * those of another library.
     */
    private static final int FUNCTION = 8;

    /** One unit in the last place, which leaves room for a library that rounds √ and ÷ not quite correctly. */
    private static final int OPERATION = 2;

    private Rounding() {}

    /** A product of {@code n} terms: n products, rounded or fused, and n - 1 sums; a term passes at most n roundings. */
    static double product(int n) {
        return Math.min(n, LONGEST) * UNIT;
    }

    /** A sum of {@code n} terms: in whatever order, a term passes at most n - 1 roundings. */
    static double sum(int n) {
        return Math.min(Math.max(n - 1, 0), LONGEST) * UNIT;
    }

    /** What {@code n} operations lose where their results are subnormal: a unit each, and one for the last result. */
    static double tiny(int n) {
        return (n + 1) * (double) Float.MIN_VALUE;
    }

    /** The bound of op(x), x known within {@code bound}. */
    static double of(UnaryOp op, double x, double bound) {
        double value = Math.abs(Float64Kernels.apply(op, x));
        double moved = bound == 0 ? 0 : moved(op, x, bound);
        return switch (op) {
            case COPY, RELU -> moved;
            case SQRT -> moved + OPERATION * UNIT * (value + moved);
            case LOG, TANH -> moved + FUNCTION * UNIT * (value + moved) + tiny(1);
            // Whether the last results before 0 are subnormal or 0 is left to the library.
            case EXP, SIGMOID -> moved + FUNCTION * UNIT * (value + moved) + Float.MIN_NORMAL;
        };
    }

    /** How far op(x) can move when x moves by {@code bound}: with the steepest slope on the way. */
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
     * The bound of op(a, b), operands known within their bounds. Sums are bounded by their terms, not by their result:
     * a fused kernel may expand (x - μ) γ into x γ - μ γ.
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
                // Operands that may be on either side of each other leave the answer open.
                return boundA + boundB > 0 && Math.abs(a - b) <= boundA + boundB ? 1 : 0;
            }
        }
        throw new AssertionError(op);
    }
}
