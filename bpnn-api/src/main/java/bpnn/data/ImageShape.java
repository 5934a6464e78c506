package bpnn.data;

/**
 * The size of images. A pixel's channels lie side by side, pixels in rows, rows from top to bottom.
 *
 * @param height rows
 * @param width columns
 * @param channels values of a pixel: 1 for grey, 3 for red, green and blue
 */
public record ImageShape(int height, int width, int channels) {
    /** Channels of a colour image. */
    public static final int COLOUR = 3;

    /** @throws IllegalArgumentException if there is no pixel, or neither one channel nor three, or too many values */
    public ImageShape {
        if (height < 1 || width < 1 || (channels != 1 && channels != COLOUR)) {
            throw new IllegalArgumentException(
                    "Images have at least 1x1 pixels and 1 or 3 channels, but are asked to have " + height + "x" + width
                            + " and " + channels);
        }
        if ((long) height * width > Integer.MAX_VALUE / channels) {
            throw new IllegalArgumentException("Images of " + height + "x" + width + " pixels are too large");
        }
    }

    /** Grey images. */
    public static ImageShape grey(int height, int width) {
        return new ImageShape(height, width, 1);
    }

    /** The same with rows and columns swapped. */
    public ImageShape transposed() {
        int columns = height;
        return new ImageShape(width, columns, channels);
    }

    /** Values of one image. */
    public int features() {
        return height * width * channels;
    }

    /** Such as 28x28, or 32x32x3 in colour. */
    @Override
    public String toString() {
        return height + "x" + width + (channels == 1 ? "" : "x" + channels);
    }
}
