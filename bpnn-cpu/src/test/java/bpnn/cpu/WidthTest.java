package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class WidthTest {
    @Test
    void vectorsAreAsWideAsRequested() {
        Width width = Width.requested();
        assumeTrue(width.bits() > 0, "a width is requested");
        assertThat(Lanes.FLOATS.vectorBitSize()).isEqualTo(width.bits());
        assertThat(System.getProperty(Width.PROPERTY)).isEqualTo(Integer.toString(width.bits()));
    }
}
