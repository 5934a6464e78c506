package bpnn.spi;

/**
 * The random distortion of the training images: Philox coordinates, size of the images, and strength.
 *
 * <p>Elastic distortion (P. Y. Simard, D. Steinkraus and J. C. Platt, "Best practices for convolutional neural networks
 * applied to visual document analysis", 2003, section 2) smooths noise by a Gaussian of deviation σ. The noise is drawn
 * at knots σ pixels apart, not at every pixel: a Gaussian passes nothing that so coarse a grid could not carry, and with
 * weights times √σ in each direction the variance of the field is the same to one part in 10⁴.
 *
 * @param seed the Philox key
 * @param height rows of an image
 * @param width columns of an image
 * @param channels values of a pixel, side by side
 * @param distortion how much
 */
public record Augmentation(long seed, int height, int width, int channels, Distortion distortion) {
    /** Words of an image's random stream before those of the knots. */
    public static final int KNOT_WORDS = 8;

    /** Knots beyond the edge of the image: where the Gaussian ends, in σ. */
    private static final int REACH = 3;

    /** @throws IllegalArgumentException if an image has no pixel */
    public Augmentation {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException("An image has at least 1x1 pixels of 1 channel, but is asked to have "
                    + height + "x" + width + " of " + channels);
        }
    }

    /** Values of an image. */
    public int features() {
        return height * width * channels;
    }

    /** Whether images are distorted elastically. */
    public boolean isElastic() {
        return distortion.alpha() > 0;
    }

    /** Rows of knots; 0 without elastic distortion. */
    public int knotRows() {
        return knots(height);
    }

    /** Columns of knots; 0 without elastic distortion. */
    public int knotCols() {
        return knots(width);
    }

    private int knots(int pixels) {
        return isElastic() ? (int) ((pixels - 1) / distortion.sigma()) + 1 + 2 * REACH : 0;
    }

    /** The tangent of half the greatest rotation. */
    public float tangent() {
        return (float) StrictMath.tan(StrictMath.toRadians(distortion.rotation()) / 2);
    }

    /** Length of {@link #smoothing}. */
    public int smoothingLength() {
        return height * knotRows() + knotCols() * width;
    }

    /**
     * The weights of the Gaussian: [height, knotRows] with the factor α, then [knotCols, width]. A kernel gets them as an
     * operand.
     */
    public float[] smoothing() {
        float[] weights = new float[smoothingLength()];
        int columns = height * knotRows();
        for (int i = 0; i < knotRows(); i++) {
            for (int r = 0; r < height; r++) {
                weights[r * knotRows() + i] = (float) (distortion.alpha() * weight(r, i));
            }
        }
        for (int j = 0; j < knotCols(); j++) {
            for (int c = 0; c < width; c++) {
                weights[columns + j * width + c] = (float) weight(c, j);
            }
        }
        return weights;
    }

    private double weight(int pixel, int knot) {
        double sigma = distortion.sigma();
        double distance = pixel / sigma - (knot - REACH);
        return StrictMath.abs(distance) > REACH
                ? 0
                : StrictMath.exp(-distance * distance / 2) / StrictMath.sqrt(2 * StrictMath.PI * sigma);
    }
}
