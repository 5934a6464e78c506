package bpnn.io.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/**
 * Brightness and opacity of a picture.
 *
 * @param grey luminance (ITU-R BT.601) between 0 and 255 of what is there where it is not transparent
 * @param opacity between 0, transparent, and 1; null where all of it is opaque
 */
record Luminance(GreyImage grey, @Nullable GreyImage opacity) {
    static Luminance of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        Pixels pixels = pixels(image);
        float[] grey = new float[width * height];
        float[] opacity = image.getColorModel().hasAlpha() ? new float[grey.length] : null;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int argb = pixels.argb(x, y);
                int weighted = 299 * (argb >> 16 & 0xFF) + 587 * (argb >> 8 & 0xFF) + 114 * (argb & 0xFF);
                grey[y * width + x] = weighted / 1000f;
                if (opacity != null) {
                    opacity[y * width + x] = (argb >>> 24) / 255f;
                }
            }
        }
        return new Luminance(
                new GreyImage(width, height, grey), opacity == null ? null : new GreyImage(width, height, opacity));
    }

    /** Turned and mirrored as an EXIF orientation says. */
    Luminance oriented(int orientation) {
        return new Luminance(grey.oriented(orientation), opacity == null ? null : opacity.oriented(orientation));
    }

    boolean isOpaque() {
        return opacity == null;
    }

    /** As it looks on paper of one brightness. */
    GreyImage on(float paper) {
        if (opacity == null) {
            return grey;
        }
        float[] values = new float[grey.values().length];
        for (int i = 0; i < values.length; i++) {
            float share = opacity.values()[i];
            values[i] = share * grey.values()[i] + (1 - share) * paper;
        }
        return new GreyImage(grey.width(), grey.height(), values);
    }

    /** A pixel as 8 bits each of alpha, red, green and blue. */
    private interface Pixels {
        int argb(int x, int y);
    }

    /**
     * Java takes grey samples for linear light and brightens them on the way to sRGB, but files hold them as sRGB does.
     * Samples of 16 bits count by their high byte.
     */
    private static Pixels pixels(BufferedImage image) {
        ColorModel model = image.getColorModel();
        Raster raster = image.getRaster();
        boolean grey = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        boolean wide = model.getTransferType() == DataBuffer.TYPE_USHORT && model.getComponentSize(0) == 16;
        boolean samplesAreColours = grey || (wide && model.getColorSpace().isCS_sRGB());
        if (!(model instanceof ComponentColorModel) || model.isAlphaPremultiplied() || !samplesAreColours) {
            return image::getRGB;
        }
        int shift = wide ? 8 : 0;
        int green = grey ? 0 : 1;
        int blue = grey ? 0 : 2;
        int alpha = model.hasAlpha() ? raster.getNumBands() - 1 : -1;
        return (x, y) -> (alpha < 0 ? 0xFF : raster.getSample(x, y, alpha) >> shift) << 24
                | raster.getSample(x, y, 0) >> shift << 16
                | raster.getSample(x, y, green) >> shift << 8
                | raster.getSample(x, y, blue) >> shift;
    }
}
