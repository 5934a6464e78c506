package bpnn.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The division in {@code tanh_quotient} of {@code kernels.cu} gives the bits of IEEE 754's. */
@Tag("once")
class TanhQuotientTest {
    /** e^(-2 · 0.625) = 0.2865: above it, tanh is a polynomial. */
    private static final double LARGEST = 0.29;

    private static float quotient(float numerator, float denominator, float reciprocal) {
        float r = Math.fma(Math.fma(-denominator, reciprocal, 1f), reciprocal, reciprocal);
        float q = numerator * r;
        return Math.fma(Math.fma(-denominator, q, numerator), r, q);
    }

    /**
     * All pairs (1 - e, 1 + e): the roundings change at multiples of 2⁻²⁵ only, and multiples of 2⁻²⁷ are on, beside and
     * between these. The reciprocal may be an ulp off on either side; the quotient survives two.
     */
    @Test
    void theQuotientOfTanhIsCorrectlyRounded() {
        int wrong = 0;
        int last = (int) (LARGEST * (1 << 27));
        for (int i = 0; i <= last; i++) {
            double e = i * 0x1p-27;
            float numerator = (float) (1 - e);
            float denominator = (float) (1 + e);
            float expected = numerator / denominator;
            int rounded = Float.floatToRawIntBits(1 / denominator);
            for (int ulps = -2; ulps <= 2; ulps++) {
                float reciprocal = Float.intBitsToFloat(rounded + ulps);
                if (quotient(numerator, denominator, reciprocal) != expected) {
                    wrong++;
                }
            }
        }
        assertThat(wrong).isZero();
    }
}
