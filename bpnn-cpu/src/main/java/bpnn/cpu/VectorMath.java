package bpnn.cpu;

import static bpnn.cpu.Lanes.FLOATS;
import static bpnn.spi.ExactMath.E0;
import static bpnn.spi.ExactMath.E1;
import static bpnn.spi.ExactMath.E2;
import static bpnn.spi.ExactMath.E3;
import static bpnn.spi.ExactMath.E4;
import static bpnn.spi.ExactMath.EXP_HIGHEST;
import static bpnn.spi.ExactMath.EXP_LOWEST;
import static bpnn.spi.ExactMath.L0;
import static bpnn.spi.ExactMath.L1;
import static bpnn.spi.ExactMath.L2;
import static bpnn.spi.ExactMath.L3;
import static bpnn.spi.ExactMath.L4;
import static bpnn.spi.ExactMath.L5;
import static bpnn.spi.ExactMath.L6;
import static bpnn.spi.ExactMath.L7;
import static bpnn.spi.ExactMath.LN2_HIGH;
import static bpnn.spi.ExactMath.LN2_LOW;
import static bpnn.spi.ExactMath.LOG2_E;
import static bpnn.spi.ExactMath.ROUNDING;
import static bpnn.spi.ExactMath.SQRT_HALF_BITS;
import static bpnn.spi.ExactMath.T0;
import static bpnn.spi.ExactMath.T1;
import static bpnn.spi.ExactMath.T2;
import static bpnn.spi.ExactMath.T3;
import static bpnn.spi.ExactMath.T4;
import static bpnn.spi.ExactMath.TANH_SMALL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link bpnn.spi.ExactMath} on vectors: the same sequences of operations, so the same bits in every lane. */
final class VectorMath {
    private static final int EXPONENT_BIAS = 127;
    private static final int MANTISSA_BITS = 23;
    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);
    private static final int SIGN = 0x80000000;

    private VectorMath() {}

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    static FloatVector exp(FloatVector x) {
        FloatVector c = x.blend(EXP_LOWEST, x.compare(VectorOperators.LT, EXP_LOWEST));
        c = c.blend(EXP_HIGHEST, c.compare(VectorOperators.GT, EXP_HIGHEST));
        FloatVector shifted = c.fma(constant(LOG2_E), constant(ROUNDING));
        FloatVector n = shifted.sub(ROUNDING);
        FloatVector r = n.fma(constant(-LN2_HIGH), c);
        r = n.fma(constant(-LN2_LOW), r);
        FloatVector p = constant(E4).fma(r, constant(E3));
        p = p.fma(r, constant(E2));
        p = p.fma(r, constant(E1));
        p = p.fma(r, constant(E0));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector exponent = shifted.reinterpretAsInts().sub(ROUNDING_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(EXPONENT_BIAS)
                .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                .reinterpretAsFloats();
    }

    static FloatVector log(FloatVector x) {
        VectorMask<Float> subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        IntVector bits = x.blend(x.mul(0x1p23f), subnormal).reinterpretAsInts();
        IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, MANTISSA_BITS);
        FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, MANTISSA_BITS))
                .reinterpretAsFloats()
                .sub(1f);
        FloatVector e = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
        e = e.blend(e.sub(MANTISSA_BITS), subnormal);
        FloatVector p = constant(L7).fma(f, constant(L6));
        p = p.fma(f, constant(L5));
        p = p.fma(f, constant(L4));
        p = p.fma(f, constant(L3));
        p = p.fma(f, constant(L2));
        p = p.fma(f, constant(L1));
        p = p.fma(f, constant(L0));
        FloatVector square = f.mul(f);
        p = p.mul(square.mul(f));
        p = e.fma(constant(LN2_LOW), p);
        p = square.fma(constant(-0.5f), p);
        p = e.fma(constant(LN2_HIGH), p.add(f));
        p = p.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        p = p.blend(Float.NaN, x.compare(VectorOperators.GT, 0f).not());
        return p.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector u = a.mul(a);
        FloatVector p = constant(T4).fma(u, constant(T3));
        p = p.fma(u, constant(T2));
        p = p.fma(u, constant(T1));
        p = p.fma(u, constant(T0));
        FloatVector small = p.mul(u).fma(a, a);
        FloatVector e = exp(a.mul(-2f));
        FloatVector one = constant(1f);
        FloatVector large = one.sub(e).div(one.add(e));
        FloatVector y = large.blend(small, a.compare(VectorOperators.LT, TANH_SMALL));
        IntVector sign = x.reinterpretAsInts().and(SIGN);
        return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector one = constant(1f);
        return one.div(one.add(exp(x.neg())));
    }

    /** max(x, +0), NaN staying NaN and -0 becoming +0. */
    static FloatVector relu(FloatVector x) {
        return x.blend(0f, x.compare(VectorOperators.LE, 0f));
    }
}
