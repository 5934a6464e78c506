package bpnn.images;

import bpnn.data.ImageShape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size that pictures are brought to.
 *
 * @param height rows
 * @param width columns
 * @param channels 1 for grey, 3 for colour; 0 for what the pictures are
 */
public record ImageSize(int height, int width, int channels) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})(?:x([0-9]{1,4})(?:x([13]))?)?");

    /**
     * Such as 28, 28x28 or 32x32x3.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static ImageSize parse(String text) {
        Matcher size = TEXT.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException(text);
        }
        int height = Integer.parseInt(size.group(1));
        int width = size.group(2) == null ? height : Integer.parseInt(size.group(2));
        int channels = size.group(3) == null ? 0 : Integer.parseInt(size.group(3));
        if (height == 0 || width == 0) {
            throw new IllegalArgumentException(text);
        }
        return new ImageSize(height, width, channels);
    }

    /** The size of images. */
    public static ImageSize of(ImageShape shape) {
        return new ImageSize(shape.height(), shape.width(), shape.channels());
    }

    /** The shape, with so many channels unless it says how many. */
    ImageShape shape(int otherwise) {
        return new ImageShape(height, width, channels == 0 ? otherwise : channels);
    }

    @Override
    public String toString() {
        return height + "x" + width + (channels == 0 ? "" : "x" + channels);
    }
}
