package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import bpnn.spi.ExactMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ExactMath} on ranges of floats: each lane performs the same sequence of operations, so the bits are the same.
 *
 * <p>Each loop calls nothing but the Vector API, and exp is inlined by hand: C2 stops inlining in loops of this size,
 * and a vector that crosses a call is boxed. No loop has more than 35 operations, because JDK 17's
 * NodeCountInliningCutoff then leaves some calls uninlined and the last stores box their vectors. Every count is a
 * multiple of the lane count; source and destination are the same range or disjoint.
 */
final class VectorMath {
    private static final int LANES = FLOATS.length();
    private static final int EXPONENT_BIAS = 127;
    private static final int MANTISSA_BITS = 23;
    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ExactMath.ROUNDING);
    private static final int ONE_BITS = EXPONENT_BIAS << MANTISSA_BITS;
    private static final int TWO_BITS = (EXPONENT_BIAS + 1) << MANTISSA_BITS;
    private static final int SIGN = 0x80000000;
    /** Below it tanh rounds to 1; above it exp is a normal number. */
    private static final float TANH_LOWEST = -80f;

    private VectorMath() {}

    static void exp(float[] x, int xStart, float[] y, int yStart, int count) {
        FloatVector e0 = FloatVector.broadcast(FLOATS, ExactMath.E0);
        FloatVector e1 = FloatVector.broadcast(FLOATS, ExactMath.E1);
        FloatVector e2 = FloatVector.broadcast(FLOATS, ExactMath.E2);
        FloatVector e3 = FloatVector.broadcast(FLOATS, ExactMath.E3);
        FloatVector e4 = FloatVector.broadcast(FLOATS, ExactMath.E4);
        FloatVector log2e = FloatVector.broadcast(FLOATS, ExactMath.LOG2_E);
        FloatVector rounding = FloatVector.broadcast(FLOATS, ExactMath.ROUNDING);
        FloatVector high = FloatVector.broadcast(FLOATS, -ExactMath.LN2_HIGH);
        FloatVector low = FloatVector.broadcast(FLOATS, -ExactMath.LN2_LOW);
        for (int i = 0; i < count; i += LANES) {
            FloatVector c = FloatVector.fromArray(FLOATS, x, xStart + i);
            c = c.blend(ExactMath.EXP_LOWEST, c.compare(VectorOperators.LT, ExactMath.EXP_LOWEST));
            c = c.blend(ExactMath.EXP_HIGHEST, c.compare(VectorOperators.GT, ExactMath.EXP_HIGHEST));
            FloatVector shifted = c.fma(log2e, rounding);
            FloatVector n = shifted.sub(rounding);
            FloatVector r = n.fma(low, n.fma(high, c));
            FloatVector p = e4.fma(r, e3).fma(r, e2).fma(r, e1).fma(r, e0);
            p = p.fma(r.mul(r), r).add(1f);
            IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDING_BITS);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = exponent.sub(half);
            half = half.add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
            rest = rest.add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
            p.mul(half.reinterpretAsFloats()).mul(rest.reinterpretAsFloats()).intoArray(y, yStart + i);
        }
    }

    static void sigmoid(float[] x, int xStart, float[] y, int yStart, int count) {
        FloatVector e0 = FloatVector.broadcast(FLOATS, ExactMath.E0);
        FloatVector e1 = FloatVector.broadcast(FLOATS, ExactMath.E1);
        FloatVector e2 = FloatVector.broadcast(FLOATS, ExactMath.E2);
        FloatVector e3 = FloatVector.broadcast(FLOATS, ExactMath.E3);
        FloatVector e4 = FloatVector.broadcast(FLOATS, ExactMath.E4);
        FloatVector log2e = FloatVector.broadcast(FLOATS, ExactMath.LOG2_E);
        FloatVector rounding = FloatVector.broadcast(FLOATS, ExactMath.ROUNDING);
        FloatVector high = FloatVector.broadcast(FLOATS, -ExactMath.LN2_HIGH);
        FloatVector low = FloatVector.broadcast(FLOATS, -ExactMath.LN2_LOW);
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int i = 0; i < count; i += LANES) {
            FloatVector c = FloatVector.fromArray(FLOATS, x, xStart + i).neg();
            c = c.blend(ExactMath.EXP_LOWEST, c.compare(VectorOperators.LT, ExactMath.EXP_LOWEST));
            c = c.blend(ExactMath.EXP_HIGHEST, c.compare(VectorOperators.GT, ExactMath.EXP_HIGHEST));
            FloatVector shifted = c.fma(log2e, rounding);
            FloatVector n = shifted.sub(rounding);
            FloatVector r = n.fma(low, n.fma(high, c));
            FloatVector p = e4.fma(r, e3).fma(r, e2).fma(r, e1).fma(r, e0);
            p = p.fma(r.mul(r), r).add(one);
            IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDING_BITS);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = exponent.sub(half);
            half = half.add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
            rest = rest.add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
            FloatVector e = p.mul(half.reinterpretAsFloats()).mul(rest.reinterpretAsFloats());
            one.div(one.add(e)).intoArray(y, yStart + i);
        }
    }

    static void tanh(float[] x, int xStart, float[] y, int yStart, int count) {
        tanhOfLarge(x, xStart, y, yStart, count);
        tanhOfSmall(y, yStart, count);
    }

    /**
     * 2 tanh(x) where {@code |x| >= TANH_SMALL}, else x; doubled, so that {@link #tanhOfSmall} can tell the two apart.
     * The argument -2|x| of exp is never positive, so one clamp suffices and 2ⁿ is built in one step: the low bits of
     * {@code shifted} hold n, and shifting them into the exponent field leaves only the bias to add.
     */
    private static void tanhOfLarge(float[] x, int xStart, float[] y, int yStart, int count) {
        FloatVector e0 = FloatVector.broadcast(FLOATS, ExactMath.E0);
        FloatVector e1 = FloatVector.broadcast(FLOATS, ExactMath.E1);
        FloatVector e2 = FloatVector.broadcast(FLOATS, ExactMath.E2);
        FloatVector e3 = FloatVector.broadcast(FLOATS, ExactMath.E3);
        FloatVector e4 = FloatVector.broadcast(FLOATS, ExactMath.E4);
        FloatVector log2e = FloatVector.broadcast(FLOATS, ExactMath.LOG2_E);
        FloatVector rounding = FloatVector.broadcast(FLOATS, ExactMath.ROUNDING);
        FloatVector high = FloatVector.broadcast(FLOATS, -ExactMath.LN2_HIGH);
        FloatVector low = FloatVector.broadcast(FLOATS, -ExactMath.LN2_LOW);
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, xStart + i);
            FloatVector a = v.abs();
            FloatVector c = a.mul(-2f);
            c = c.blend(TANH_LOWEST, c.compare(VectorOperators.LT, TANH_LOWEST));
            FloatVector shifted = c.fma(log2e, rounding);
            FloatVector n = shifted.sub(rounding);
            FloatVector r = n.fma(low, n.fma(high, c));
            FloatVector p = e4.fma(r, e3).fma(r, e2).fma(r, e1).fma(r, e0);
            p = p.fma(r.mul(r), r).add(one);
            IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
            FloatVector e = p.mul(power.add(ONE_BITS).reinterpretAsFloats());
            FloatVector large = one.sub(e).div(one.add(e));
            FloatVector sign = v.reinterpretAsInts().and(SIGN).or(TWO_BITS).reinterpretAsFloats();
            large.mul(sign)
                    .blend(v, a.compare(VectorOperators.LT, ExactMath.TANH_SMALL))
                    .intoArray(y, yStart + i);
        }
    }

    /** Turns the output of {@link #tanhOfLarge} into tanh(x). */
    private static void tanhOfSmall(float[] y, int yStart, int count) {
        FloatVector t0 = FloatVector.broadcast(FLOATS, ExactMath.T0);
        FloatVector t1 = FloatVector.broadcast(FLOATS, ExactMath.T1);
        FloatVector t2 = FloatVector.broadcast(FLOATS, ExactMath.T2);
        FloatVector t3 = FloatVector.broadcast(FLOATS, ExactMath.T3);
        FloatVector t4 = FloatVector.broadcast(FLOATS, ExactMath.T4);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, y, yStart + i);
            FloatVector u = v.mul(v);
            FloatVector p = t4.fma(u, t3).fma(u, t2).fma(u, t1).fma(u, t0);
            // The polynomial would lose the sign of zero.
            VectorMask<Float> isSmall =
                    v.abs().compare(VectorOperators.LT, ExactMath.TANH_SMALL).and(v.compare(VectorOperators.NE, 0f));
            v.mul(0.5f).blend(p.mul(u).fma(v, v), isSmall).intoArray(y, yStart + i);
        }
    }

    static void log(float[] x, int xStart, float[] y, int yStart, int count) {
        FloatVector l0 = FloatVector.broadcast(FLOATS, ExactMath.L0);
        FloatVector l1 = FloatVector.broadcast(FLOATS, ExactMath.L1);
        FloatVector l2 = FloatVector.broadcast(FLOATS, ExactMath.L2);
        FloatVector l3 = FloatVector.broadcast(FLOATS, ExactMath.L3);
        FloatVector l4 = FloatVector.broadcast(FLOATS, ExactMath.L4);
        FloatVector l5 = FloatVector.broadcast(FLOATS, ExactMath.L5);
        FloatVector l6 = FloatVector.broadcast(FLOATS, ExactMath.L6);
        FloatVector l7 = FloatVector.broadcast(FLOATS, ExactMath.L7);
        FloatVector half = FloatVector.broadcast(FLOATS, -0.5f);
        FloatVector high = FloatVector.broadcast(FLOATS, ExactMath.LN2_HIGH);
        FloatVector low = FloatVector.broadcast(FLOATS, ExactMath.LN2_LOW);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, xStart + i);
            VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits = v.blend(v.mul(0x1p23f), subnormal).reinterpretAsInts();
            IntVector exponent = bits.sub(ExactMath.SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, MANTISSA_BITS);
            IntVector power = exponent.lanewise(VectorOperators.LSHL, MANTISSA_BITS);
            FloatVector f = bits.sub(power).reinterpretAsFloats().sub(1f);
            FloatVector e = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
            e = e.blend(e.sub(MANTISSA_BITS), subnormal);
            FloatVector p = l7.fma(f, l6)
                    .fma(f, l5)
                    .fma(f, l4)
                    .fma(f, l3)
                    .fma(f, l2)
                    .fma(f, l1)
                    .fma(f, l0);
            FloatVector square = f.mul(f);
            p = e.fma(low, p.mul(square.mul(f)));
            p = e.fma(high, square.fma(half, p).add(f));
            p = p.blend(Float.POSITIVE_INFINITY, v.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
            p = p.blend(Float.NaN, v.compare(VectorOperators.GT, 0f).not());
            p.blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f)).intoArray(y, yStart + i);
        }
    }
}
