package bpnn.io.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementTypeTest {
    private static float read(ElementType type, ByteBuffer bytes) {
        float[] values = new float[1];
        type.read(bytes.flip(), values, 0, 1);
        return values[0];
    }

    /** IEEE 754-2019, section 3.6: from the least subnormal to what is no number. */
    @ParameterizedTest
    @CsvSource({
        "0x0000, 0",
        "0x8000, -0",
        "0x0001, 5.9604645E-8",
        "0x83FF, -6.097555E-5",
        "0x0400, 6.1035156E-5",
        "0x3C00, 1",
        "0xC000, -2",
        "0x3555, 0.33325195",
        "0x7BFF, 65504",
        "0x7C00, Infinity",
        "0xFC00, -Infinity",
        "0x7E00, NaN"
    })
    void halves(String bits, float expected) {
        ByteBuffer bytes = ByteBuffer.allocate(2).putShort(Integer.decode(bits).shortValue());

        assertThat(read(ElementType.FLOAT16, bytes)).isEqualTo(Float.valueOf(expected));
    }

    @Test
    void everyHalfIsTheNumberThatItsFieldsSay() {
        for (int bits = 0; bits < 0x7C00; bits++) {
            int exponent = bits >> 10;
            double fraction = (bits & 0x3FF) / 1024.0;
            double expected = exponent == 0 ? fraction * Math.pow(2, -14) : (1 + fraction) * Math.pow(2, exponent - 15);

            assertThat((double) read(ElementType.FLOAT16, ByteBuffer.allocate(2).putShort((short) bits)))
                    .isEqualTo(expected);
        }
    }

    @Test
    void theUpperHalfOfAFloat() {
        for (float value : new float[] {1, -2.5f, 0, Float.POSITIVE_INFINITY, Float.MIN_NORMAL}) {
            short upper = (short) (Float.floatToIntBits(value) >>> 16);

            assertThat(read(ElementType.BFLOAT16, ByteBuffer.allocate(2).putShort(upper)))
                    .isEqualTo(value);
        }
    }

    @Test
    void doublesAreRounded() {
        assertThat(read(ElementType.FLOAT64, ByteBuffer.allocate(8).putDouble(0.1)))
                .isEqualTo(0.1f);
        assertThat(read(ElementType.FLOAT64, ByteBuffer.allocate(8).putDouble(1e300)))
                .isEqualTo(Float.POSITIVE_INFINITY);
    }
}
