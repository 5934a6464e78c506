package bpnn.io.image;

import bpnn.data.DataException;
import bpnn.data.ImageShape;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * A picture as a data set keeps it: upright, the middle of it with the proportions of the data set's images, each pixel the
 * mean of what it covers.
 *
 * @param height its rows
 * @param width its columns
 * @param colour whether any of its pixels is coloured
 */
public record WholePicture(int height, int width, boolean colour) {
    /** Channels of a grey pixel differ by less, even where a JPEG's were not stored as grey. */
    private static final int GREY = 12;

    /**
     * Reads a picture's size, and whether it is coloured.
     *
     * @throws DataException if it cannot be read
     */
    public static WholePicture of(Path file) {
        PictureFile picture = PictureFile.read(file);
        BufferedImage image = picture.image();
        boolean turned = picture.orientation() > 4;
        return new WholePicture(
                turned ? image.getWidth() : image.getHeight(),
                turned ? image.getHeight() : image.getWidth(),
                isColoured(image));
    }

    private static boolean isColoured(BufferedImage image) {
        ArgbRows rows = ArgbRows.of(image);
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            rows.read(y, row);
            for (int argb : row) {
                int red = argb >> 16 & 0xFF;
                int green = argb >> 8 & 0xFF;
                int blue = argb & 0xFF;
                int spread = Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue));
                if (spread >= GREY && argb >>> 24 != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Reads a picture at some size.
     *
     * @return as many bytes as the shape has features
     * @throws DataException if it cannot be read
     */
    public static byte[] read(Path file, ImageShape shape) {
        return PictureScaler.pixels(PictureFile.read(file), shape);
    }
}
