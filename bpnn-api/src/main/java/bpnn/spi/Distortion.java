package bpnn.spi;

/**
 * How much images are distorted at random in training: shifted, then affine, then elastic. A value of 0 leaves a
 * distortion out.
 *
 * @param shift greatest shift in each direction, in pixels
 * @param rotation greatest rotation in either sense, in degrees, less than 180
 * @param scale greatest relative change of the width and, independently, of the height, in [0, 1)
 * @param shear greatest horizontal shear, pixels per pixel of height
 * @param alpha strength α of the elastic distortion: uniform noise in [-1, 1) at each pixel, smoothed by a Gaussian of
 *     integral 1 and multiplied by α, is the displacement in pixels; its standard deviation is α / (2 √(3π) σ)
 * @param sigma standard deviation σ of the Gaussian, in pixels, at least 1; of no effect where α is 0
 */
public record Distortion(float shift, float rotation, float scale, float shear, float alpha, float sigma) {
    /** No distortion. */
    public static final Distortion NONE = new Distortion(0, 0, 0, 0, 0, 1);

    private static final int HALF_TURN = 180;

    /** @throws IllegalArgumentException if a value is out of its range */
    public Distortion {
        check("The shift", shift, Float.POSITIVE_INFINITY);
        check("The rotation", rotation, HALF_TURN);
        check("The change of scale", scale, 1);
        check("The shear", shear, Float.POSITIVE_INFINITY);
        check("The strength of the elastic distortion", alpha, Float.POSITIVE_INFINITY);
        if (!(sigma >= 1 && sigma < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The Gaussian of the elastic distortion must be at least 1 pixel wide and finite, but is " + sigma);
        }
    }

    private static void check(String name, float value, float limit) {
        if (!(value >= 0 && value < limit)) {
            throw new IllegalArgumentException(
                    name + " must be at least 0 and less than " + limit + ", but is " + value);
        }
    }

    /** Whether nothing is distorted. */
    public boolean isNone() {
        return shift == 0 && rotation == 0 && scale == 0 && shear == 0 && alpha == 0;
    }
}
