package bpnn.spi;

/**
 * exp, log, tanh and sigmoid in float32, defined by a fixed sequence of correctly rounded +, -, ×, ÷ and fma, so that
 * every machine gets the same bits. A backend that claims exact numerics performs the same sequence.
 *
 * <p>The coefficients were fitted for this project by the Remez exchange algorithm in 40 digits and rounded to float32.
 * Maximum errors over all 2³² inputs, in ulp of the true result where that is a normal number: exp 1.05, log 0.87, tanh
 * 1.51, sigmoid 2.5.
 */
public final class ExactMath {
    /** log2(e). */
    public static final float LOG2_E = 0x1.715476p+0f;
    /** The upper 15 bits of ln 2; its product with an integer below 2⁹ is exact. */
    public static final float LN2_HIGH = 0x1.62e4p-1f;
    /** ln 2 - {@link #LN2_HIGH}. */
    public static final float LN2_LOW = 0x1.7f7d1cp-20f;
    /** 1.5 · 2²³: adding it rounds a small number to the nearest integer, ties to even. */
    public static final float ROUNDING = 0x1.8p23f;
    /** Below it exp rounds to 0. */
    public static final float EXP_LOWEST = -104f;
    /** Above it exp overflows. */
    public static final float EXP_HIGHEST = 89f;

    /** exp(r) = 1 + r + r² (E0 + E1 r + … + E4 r⁴) for |r| ≤ ln 2 / 2. */
    public static final float E0 = 0x1p-1f;

    public static final float E1 = 0x1.55548ep-3f;
    public static final float E2 = 0x1.55545ep-5f;
    public static final float E3 = 0x1.123bdep-7f;
    public static final float E4 = 0x1.6db4eap-10f;

    /** tanh(x) = x + x³ (T0 + T1 x² + … + T4 x⁸) for |x| &lt; {@link #TANH_SMALL}. */
    public static final float T0 = -0x1.555534p-2f;

    public static final float T1 = 0x1.110768p-3f;
    public static final float T2 = -0x1.b84448p-5f;
    public static final float T3 = 0x1.5256d8p-6f;
    public static final float T4 = -0x1.76ac1cp-8f;
    /** tanh switches here from its polynomial to (1 - exp(-2x)) / (1 + exp(-2x)). */
    public static final float TANH_SMALL = 0.625f;

    /** log(1 + f) = f - f²/2 + f³ (L0 + L1 f + … + L7 f⁷) for 1 + f in [√½, √2). */
    public static final float L0 = 0x1.55554ap-2f;

    public static final float L1 = -0x1.00022p-2f;
    public static final float L2 = 0x1.99a596p-3f;
    public static final float L3 = -0x1.54788ap-3f;
    public static final float L4 = 0x1.226e4ap-3f;
    public static final float L5 = -0x1.0ce07cp-3f;
    public static final float L6 = 0x1.07d0eap-3f;
    public static final float L7 = -0x1.41edf2p-4f;
    /** The bits of √½ rounded up. */
    public static final int SQRT_HALF_BITS = 0x3f3504f3;

    private static final int EXPONENT_BIAS = 127;
    private static final int MANTISSA_BITS = 23;
    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

    private ExactMath() {}

    /**
     * eˣ. With n = round(x log2 e) and r = x - n ln 2 in two steps: (1 + r + r² P(r)) · 2ⁿ, scaled by 2ⁿ in two steps,
     * so that overflow gives infinity and subnormal results are rounded once.
     */
    public static float exp(float x) {
        float c = x < EXP_LOWEST ? EXP_LOWEST : x;
        c = c > EXP_HIGHEST ? EXP_HIGHEST : c;
        float shifted = Math.fma(c, LOG2_E, ROUNDING);
        float n = shifted - ROUNDING;
        float r = Math.fma(n, -LN2_HIGH, c);
        r = Math.fma(n, -LN2_LOW, r);
        float p = Math.fma(E4, r, E3);
        p = Math.fma(p, r, E2);
        p = Math.fma(p, r, E1);
        p = Math.fma(p, r, E0);
        p = Math.fma(p, r * r, r);
        p = p + 1f;
        int exponent = Float.floatToRawIntBits(shifted) - ROUNDING_BITS;
        int half = exponent >> 1;
        return p * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    /** 2ⁿ for n in [-126, 127]; for other n, which only NaN inputs produce, an arbitrary float. */
    private static float powerOfTwo(int n) {
        return Float.intBitsToFloat((n + EXPONENT_BIAS) << MANTISSA_BITS);
    }

    /**
     * The natural logarithm: NaN below 0, -infinity at ±0. With x = 2ᵉ (1 + f), 1 + f in [√½, √2):
     * e ln 2 + (f - f²/2 + f³ P(f)), the terms added in order of increasing magnitude.
     */
    public static float log(float x) {
        if (!(x > 0f)) {
            return x == 0f ? Float.NEGATIVE_INFINITY : Float.NaN;
        }
        if (x == Float.POSITIVE_INFINITY) {
            return x;
        }
        boolean subnormal = x < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(subnormal ? x * 0x1p23f : x);
        int exponent = (bits - SQRT_HALF_BITS) >> MANTISSA_BITS;
        float f = Float.intBitsToFloat(bits - (exponent << MANTISSA_BITS)) - 1f;
        float e = subnormal ? exponent - MANTISSA_BITS : exponent;
        float p = Math.fma(L7, f, L6);
        p = Math.fma(p, f, L5);
        p = Math.fma(p, f, L4);
        p = Math.fma(p, f, L3);
        p = Math.fma(p, f, L2);
        p = Math.fma(p, f, L1);
        p = Math.fma(p, f, L0);
        float square = f * f;
        p = p * (square * f);
        p = Math.fma(e, LN2_LOW, p);
        p = Math.fma(square, -0.5f, p);
        return Math.fma(e, LN2_HIGH, p + f);
    }

    /** The hyperbolic tangent; ±1 for |x| ≥ 9.02; the sign of zero is kept. */
    public static float tanh(float x) {
        float a = Math.abs(x);
        float y;
        if (a < TANH_SMALL) {
            float u = a * a;
            float p = Math.fma(T4, u, T3);
            p = Math.fma(p, u, T2);
            p = Math.fma(p, u, T1);
            p = Math.fma(p, u, T0);
            y = Math.fma(p * u, a, a);
        } else {
            float e = exp(-2f * a);
            y = (1f - e) / (1f + e);
        }
        return Math.copySign(y, x);
    }

    /** The logistic function 1 / (1 + exp(-x)). */
    public static float sigmoid(float x) {
        return 1f / (1f + exp(-x));
    }
}
