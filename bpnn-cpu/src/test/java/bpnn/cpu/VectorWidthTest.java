package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class VectorWidthTest {
    @Test
    void vectorsAreAsWideAsRequested() {
        VectorWidth width = VectorWidth.requested();
        assumeTrue(width.bits() > 0, "a width is requested");
        assertThat(Species.FLOATS.vectorBitSize()).isEqualTo(width.bits());
        assertThat(System.getProperty(VectorWidth.PROPERTY)).isEqualTo(Integer.toString(width.bits()));
    }
}
