package bpnn.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** ExactMath is as accurate as documented, and exact at special values. */
class ExactMathTest {
    private interface FloatFunction {
        float apply(float x);
    }

    /** Every 1021st float: a prime, so that all exponents and low bits are covered. */
    private static final int STRIDE = 1021;

    /** The maximum error in ulp of the float64 result, over normal results. */
    private static double worst(FloatFunction exact, DoubleUnaryOperator truth) {
        double worst = 0;
        for (long bits = 0; bits < 1L << 32; bits += STRIDE) {
            float x = Float.intBitsToFloat((int) bits);
            float right = (float) truth.applyAsDouble(x);
            if (Float.isNaN(right)) {
                assertThat(exact.apply(x)).as("at %s", x).isNaN();
            } else if (Math.abs(right) >= Float.MIN_NORMAL && Float.isFinite(right)) {
                double error = Math.abs(exact.apply(x) - truth.applyAsDouble(x)) / Math.ulp(right);
                worst = Math.max(worst, error);
            }
        }
        return worst;
    }

    @Test
    void errorsMatchTheDocumentation() {
        assertThat(worst(ExactMath::exp, Math::exp)).isLessThan(1.05);
        assertThat(worst(ExactMath::log, Math::log)).isLessThan(0.87);
        assertThat(worst(ExactMath::tanh, Math::tanh)).isLessThan(1.51);
        assertThat(worst(ExactMath::sigmoid, x -> 1 / (1 + Math.exp(-x)))).isLessThan(2.5);
    }

    @Test
    void specialValuesAreExact() {
        assertThat(ExactMath.exp(0f)).isEqualTo(1f);
        assertThat(ExactMath.exp(-0f)).isEqualTo(1f);
        assertThat(ExactMath.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
        assertThat(ExactMath.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(ExactMath.exp(88.73f)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(ExactMath.exp(-103.5f)).as("a subnormal").isEqualTo(Float.MIN_VALUE);
        assertThat(ExactMath.log(1f)).isEqualTo(0f);
        assertThat(ExactMath.log(0f)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(ExactMath.log(-0f)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(ExactMath.log(-1f)).isNaN();
        assertThat(ExactMath.log(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(ExactMath.log(Float.MIN_VALUE)).isEqualTo((float) Math.log(Float.MIN_VALUE));
        assertThat(Float.floatToRawIntBits(ExactMath.tanh(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
        assertThat(ExactMath.tanh(9.02f)).isEqualTo(1f);
        assertThat(ExactMath.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
        assertThat(ExactMath.tanh(Float.MIN_VALUE)).isEqualTo(Float.MIN_VALUE);
        assertThat(ExactMath.sigmoid(0f)).isEqualTo(0.5f);
        assertThat(ExactMath.sigmoid(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
    }

    /** A digest over a million values, which any change of a coefficient or of the order of operations changes. */
    @Test
    void theBitsNeverChange() {
        assertThat(new long[] {
                    digest(ExactMath::exp), digest(ExactMath::log), digest(ExactMath::tanh), digest(ExactMath::sigmoid)
                })
                .containsExactly(GOLDEN);
    }

    private static final long[] GOLDEN = {
        7791249207575358372L, -1395745518011152357L, -5386161697349985768L, -4539590905488258798L
    };

    private static long digest(FloatFunction function) {
        long digest = 0;
        for (int i = 0; i < 1_000_000; i++) {
            float y = function.apply((i - 500_000) * 2.5e-4f);
            digest = digest * 31 + (Float.isNaN(y) ? 0x7fc00000 : Float.floatToRawIntBits(y));
        }
        return digest;
    }
}
