package bpnn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Distorted images against their formulas in float64, and against the statistics that they promise. */
class ImageDistortionTest {
    private static final int SIDE = 28;
    private static final long SEED = 11;

    private static Augmentation augmentation(Distortion distortion) {
        return new Augmentation(SEED, SIDE, SIDE, 1, distortion);
    }

    /** The pixel in column j of row i is a i + b j + c: bilinear interpolation between such pixels is exact. */
    private static byte[] ramp(int a, int b, int c) {
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                pixels[i * SIDE + j] = (byte) (a * i + b * j + c);
            }
        }
        return pixels;
    }

    private static float[] distorted(Augmentation augmentation, byte[] pixels, int epoch, int image) {
        float[] values = new float[augmentation.features()];
        new ImageDistortion(augmentation, augmentation.smoothing()).apply(pixels, 0, epoch, image, values, 0);
        return values;
    }

    /** Random numbers of an image in [-1, 1), by definition. */
    private static double[] draws(int epoch, int image) {
        int[] words = new int[6];
        Philox.fill(SEED, Purpose.AUGMENTATION, epoch, image, 0, words, 0, words.length);
        return Arrays.stream(words)
                .mapToDouble(word -> (word >>> 8) * 0x1p-23 - 1)
                .toArray();
    }

    private static double limited(double x) {
        return Math.max(0, Math.min(SIDE - 1, x));
    }

    @Test
    void noDistortionLeavesThePixels() {
        byte[] pixels = new byte[2 * 5 * 7 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 91);
        }
        Augmentation colour = new Augmentation(1, 5, 7, 3, Distortion.NONE);
        float[] values = new float[colour.features() + 1];
        new ImageDistortion(colour, colour.smoothing()).apply(pixels, colour.features(), 1, 1, values, 1);
        for (int i = 0; i < colour.features(); i++) {
            assertThat(values[1 + i]).isEqualTo(pixels[colour.features() + i] & 0xFF);
        }
    }

    @Test
    void shiftsByAFractionOfAPixel() {
        Distortion shift = new Distortion(2, 0, 0, 0, 0, 1);
        for (int image = 0; image < 20; image++) {
            double[] drawn = draws(3, image);
            float[] values = distorted(augmentation(shift), ramp(3, 5, 7), 3, image);
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    double expected = 3 * limited(i + 2 * drawn[5]) + 5 * limited(j + 2 * drawn[4]) + 7;
                    assertThat(values[i * SIDE + j]).isCloseTo((float) expected, within(1e-3f));
                }
            }
        }
    }

    @Test
    void turnsScalesAndShears() {
        Distortion affine = new Distortion(1, 40, 0.3f, 0.2f, 0, 1);
        double centre = (SIDE - 1) / 2.0;
        for (int image = 0; image < 20; image++) {
            double[] drawn = draws(2, image);
            // The tangent of half the angle is uniform.
            double angle = 2 * Math.atan(Math.tan(Math.toRadians(20)) * drawn[0]);
            double scaleX = 1 + 0.3f * drawn[1];
            double scaleY = 1 + 0.3f * drawn[2];
            float[] values = distorted(augmentation(affine), ramp(4, 2, 20), 2, image);
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    double across = scaleX * (j - centre) + 0.2f * drawn[3] * (i - centre);
                    double down = scaleY * (i - centre);
                    double x = Math.cos(angle) * across - Math.sin(angle) * down + centre + drawn[4];
                    double y = Math.sin(angle) * across + Math.cos(angle) * down + centre + drawn[5];
                    double expected = 4 * limited(y) + 2 * limited(x) + 20;
                    assertThat(values[i * SIDE + j]).isCloseTo((float) expected, within(2e-3f));
                }
            }
        }
    }

    /** Simard's field: deviation α / (2 √(3π) σ), correlation exp(-d² / 4σ²) at a distance of d pixels. */
    @Test
    void bendsAsMuchAndAsSmoothlyAsSmoothedNoise() {
        double sigma = 4;
        double alpha = 20;
        Augmentation elastic = augmentation(new Distortion(0, 0, 0, 0, (float) alpha, (float) sigma));
        byte[] pixels = ramp(0, 8, 20);
        int[] columns = {8, 12, 16, 19};
        int images = 4000;
        double[] squares = new double[columns.length];
        double product = 0;
        double deviation = alpha / (2 * Math.sqrt(3 * Math.PI) * sigma);
        for (int image = 0; image < images; image++) {
            float[] values = distorted(elastic, pixels, 1, image);
            double[] moved = new double[columns.length];
            for (int c = 0; c < columns.length; c++) {
                moved[c] = (values[14 * SIDE + columns[c]] - 20) / 8 - columns[c];
                squares[c] += moved[c] * moved[c] / images;
            }
            product += moved[0] * moved[1] / images;
        }
        double sampling = 4 * Math.sqrt(2.0 / images);
        for (double square : squares) {
            assertThat(square / (deviation * deviation)).isCloseTo(1, within(sampling));
        }
        assertThat(product / (deviation * deviation)).isCloseTo(Math.exp(-16 / (4 * sigma * sigma)), within(sampling));
    }

    /** On the grid of knots as dense as the pixels, the variance is the same as far as the eye reaches: weights sum to it. */
    @Test
    void theFieldIsAsStrongEverywhere() {
        for (double sigma : List.of(1.0, 2.5, 4.0, 7.0)) {
            Augmentation elastic = augmentation(new Distortion(0, 0, 0, 0, 1, (float) sigma));
            float[] weights = elastic.smoothing();
            for (int j = 0; j < SIDE; j++) {
                double squares = 0;
                for (int l = 0; l < elastic.knotCols(); l++) {
                    double weight = weights[SIDE * elastic.knotRows() + l * SIDE + j];
                    squares += weight * weight;
                }
                assertThat(squares).isCloseTo(1 / (2 * Math.sqrt(Math.PI) * sigma), within(2e-4 / sigma));
            }
        }
    }

    @Test
    void eachImageAndEpochIsDistortedInItsOwnWay() {
        Augmentation all = augmentation(new Distortion(2, 10, 0.1f, 0.1f, 34, 4));
        byte[] pixels = ramp(3, 5, 7);
        float[] once = distorted(all, pixels, 1, 1);
        assertThat(distorted(all, pixels, 1, 1)).containsExactly(once);
        assertThat(distorted(all, pixels, 2, 1)).isNotEqualTo(once);
        assertThat(distorted(all, pixels, 1, 2)).isNotEqualTo(once);
        Augmentation otherSeed = new Augmentation(SEED + 1, SIDE, SIDE, 1, all.distortion());
        assertThat(distorted(otherSeed, pixels, 1, 1)).isNotEqualTo(once);
    }

    @Test
    void impossibleDistortionsAreRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distortion(-1, 0, 0, 0, 0, 1))
                .withMessageStartingWith("The shift must be at least 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distortion(0, 180, 0, 0, 0, 1))
                .withMessageStartingWith("The rotation must be at least 0 and less than 180");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distortion(0, 0, 1, 0, 0, 1))
                .withMessageStartingWith("The change of scale");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distortion(0, 0, 0, Float.NaN, 0, 1))
                .withMessageStartingWith("The shear");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distortion(0, 0, 0, 0, Float.POSITIVE_INFINITY, 1))
                .withMessageStartingWith("The strength of the elastic distortion");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distortion(0, 0, 0, 0, 0, 0.5f))
                .withMessageStartingWith("The Gaussian");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Augmentation(1, 0, 1, 1, Distortion.NONE))
                .withMessageStartingWith("An image has at least 1x1 pixels");
    }
}
