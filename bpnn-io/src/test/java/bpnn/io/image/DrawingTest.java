package bpnn.io.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DrawingTest {
    private static byte[] pixels(float... points) {
        return InputPicture.of(new Drawing(List.of(points)), Digits.FORMAT)
                .orElseThrow()
                .pixels();
    }

    private static int at(byte[] pixels, int x, int y) {
        return pixels[y * Digits.SIDE + x] & 0xFF;
    }

    @Test
    void aLineBecomesABarOfTwentyPixelsInTheMiddle() {
        byte[] pixels = pixels(0.3f, 0.1f, 0.3f, 0.9f);

        for (int y = 5; y < 23; y++) {
            assertThat(at(pixels, 13, y)).as("row %d", y).isGreaterThan(150);
            assertThat(at(pixels, 14, y)).as("row %d", y).isGreaterThan(150);
            assertThat(at(pixels, 11, y)).as("row %d", y).isZero();
            assertThat(at(pixels, 16, y)).as("row %d", y).isZero();
        }
        for (int x = 0; x < Digits.SIDE; x++) {
            assertThat(at(pixels, x, 3)).isZero();
            assertThat(at(pixels, x, 24)).isZero();
        }
    }

    @Test
    void whereItIsDrawnMakesNoDifference() {
        assertThat(pixels(0.25f, 0.25f, 0.5f, 0.25f, 0.5f, 0.75f)).isEqualTo(pixels(0.5f, 0.5f, 0.75f, 0.5f, 0.75f, 1));
    }

    @Test
    void theEdgeOfTheSheetIsNoBackground() {
        byte[] frame = pixels(0, 0, 1, 0, 1, 1, 0, 1, 0, 0);

        assertThat(at(frame, 14, 14)).isZero();
        assertThat(at(frame, 4, 14)).isGreaterThan(150);
    }

    @Test
    void aDotIsADrawing() {
        assertThat(at(pixels(0.5f, 0.5f), 14, 14)).isEqualTo(255);
    }

    @Test
    void withoutStrokesNothingIsDrawn() {
        assertThat(InputPicture.of(new Drawing(List.of()), Digits.FORMAT)).isEmpty();
    }
}
