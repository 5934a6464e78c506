package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Reference;
import bpnn.spi.UnaryOp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementwiseTest {
    /** A prime, so that every exponent, both signs and varied mantissas are covered. */
    private static final long STRIDE = 4999;

    @ParameterizedTest
    @EnumSource(UnaryOp.class)
    void functionsMatchTheirDefinitionOverAllFloats(UnaryOp op) {
        Elementwise elementwise =
                VectorWidth.requested() == VectorWidth.SCALAR ? new Elementwise() : new VectorElementwise();
        float[] x = new float[1001];
        float[] y = new float[x.length];
        long bits = 0;
        while (bits < 1L << 32) {
            for (int i = 0; i < x.length; i++) {
                x[i] = Float.intBitsToFloat((int) bits);
                bits += STRIDE;
            }
            elementwise.map(op, x, 0, y, 0, x.length);
            for (int i = 0; i < x.length; i++) {
                float wanted = Reference.apply(op, x[i]);
                if (Float.floatToIntBits(y[i]) != Float.floatToIntBits(wanted)) {
                    assertThat(Float.toHexString(y[i])).as("%s(%s)", op, x[i]).isEqualTo(Float.toHexString(wanted));
                }
            }
        }
    }
}
