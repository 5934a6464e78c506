package bpnn.io.image;

import java.awt.image.BufferedImage;
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
        ArgbRows rows = ArgbRows.of(image);
        int[] row = new int[width];
        float[] grey = new float[width * height];
        float[] opacity = image.getColorModel().hasAlpha() ? new float[grey.length] : null;
        for (int y = 0; y < height; y++) {
            rows.read(y, row);
            for (int x = 0; x < width; x++) {
                int argb = row[x];
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
}
