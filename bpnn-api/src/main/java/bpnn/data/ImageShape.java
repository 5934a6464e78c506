package bpnn.data;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of images. A pixel's channels lie side by side, pixels in rows, rows from top to bottom.
 *
 * @param height rows
 * @param width columns
 * @param channels values of a pixel: 1 for grey, 3 for red, green and blue
 */
public record ImageShape(int height, int width, int channels) {
    private static final Pattern SIDES = Pattern.compile("([0-9]{1,9})x([0-9]{1,9})(?:x([0-9]))?");

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

    /**
     * From text such as 28x28 or 32x32x3; empty if it is none.
     *
     * @throws IllegalArgumentException if there are no images of that shape
     */
    public static Optional<ImageShape> parse(String text) {
        Matcher sides = SIDES.matcher(text);
        if (!sides.matches()) {
            return Optional.empty();
        }
        return Optional.of(new ImageShape(
                Integer.parseInt(sides.group(1)),
                Integer.parseInt(sides.group(2)),
                sides.group(3) == null ? 1 : Integer.parseInt(sides.group(3))));
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
