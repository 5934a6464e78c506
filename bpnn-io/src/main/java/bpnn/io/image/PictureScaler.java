package bpnn.io.image;

import bpnn.data.ImageShape;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/** Whole pictures at another size: the middle of them with the new proportions, each pixel the mean of what it covers. */
final class PictureScaler {
    private static final int PAPER = 255;

    private PictureScaler() {}

    /** The pixels of a picture, upright, on white where it is transparent. */
    static byte[] pixels(PictureFile picture, ImageShape shape) {
        BufferedImage image = picture.image();
        boolean asItIs =
                picture.orientation() == 1 && image.getWidth() == shape.width() && image.getHeight() == shape.height();
        if (asItIs && shape.channels() == 1 && image.getType() == BufferedImage.TYPE_BYTE_GRAY) {
            return ((DataBufferByte) image.getRaster().getDataBuffer())
                    .getData()
                    .clone();
        }
        GreyImage[] channels = channels(image, shape.channels());
        byte[] pixels = new byte[shape.features()];
        for (int channel = 0; channel < channels.length; channel++) {
            GreyImage upright = channels[channel].oriented(picture.orientation());
            byte[] values = upright.middle(shape.width(), shape.height())
                    .scaledTo(shape.width(), shape.height())
                    .bytes();
            for (int i = 0; i < values.length; i++) {
                pixels[i * channels.length + channel] = values[i];
            }
        }
        return pixels;
    }

    private static GreyImage[] channels(BufferedImage image, int count) {
        if (count == 1) {
            return new GreyImage[] {Luminance.of(image).on(PAPER)};
        }
        int width = image.getWidth();
        float[][] values = new float[count][width * image.getHeight()];
        int[] row = new int[width];
        ArgbRows rows = ArgbRows.of(image);
        for (int y = 0; y < image.getHeight(); y++) {
            rows.read(y, row);
            for (int x = 0; x < width; x++) {
                float opacity = (row[x] >>> 24) / 255f;
                for (int channel = 0; channel < count; channel++) {
                    int value = (row[x] >> (8 * (count - 1 - channel))) & 0xFF;
                    values[channel][y * width + x] = opacity * value + (1 - opacity) * PAPER;
                }
            }
        }
        GreyImage[] channels = new GreyImage[count];
        for (int channel = 0; channel < count; channel++) {
            channels[channel] = new GreyImage(width, image.getHeight(), values[channel]);
        }
        return channels;
    }
}
