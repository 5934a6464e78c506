package bpnn.io.image;

import java.awt.image.BufferedImage;

/**
 * Grey values between 0 and 255, row by row.
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels; identity is the right equality
record GreyImage(int width, int height, float[] values) {
    /** What is brighter than this share of the brightest pixel is ink. */
    private static final float INK = 0.25f;

    /** Less contrast than this is no digit but noise. */
    private static final float LEAST_INK = 32;

    /** Side of the box that holds a digit, as a share of the image, as in MNIST. */
    private static final float BOX = 20f / 28;

    /** Luminance (ITU-R BT.601); what is transparent counts as white paper. */
    static GreyImage of(BufferedImage image) {
        float[] values = new float[image.getWidth() * image.getHeight()];
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int argb = image.getRGB(x, y);
                float opacity = (argb >>> 24) / 255f;
                float luminance = 0.299f * (argb >> 16 & 0xFF) + 0.587f * (argb >> 8 & 0xFF) + 0.114f * (argb & 0xFF);
                values[y * image.getWidth() + x] = opacity * luminance + (1 - opacity) * 255;
            }
        }
        return new GreyImage(image.getWidth(), image.getHeight(), values);
    }

    private float at(int x, int y) {
        return values[y * width + x];
    }

    /** The mean of the outermost pixels: the background. */
    double borderMean() {
        double sum = 0;
        int count = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (x == 0 || y == 0 || x == width - 1 || y == height - 1) {
                    sum += at(x, y);
                    count++;
                }
            }
        }
        return sum / count;
    }

    GreyImage inverted() {
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = 255 - values[i];
        }
        return new GreyImage(width, height, result);
    }

    /** The part that holds ink, with the background at 0 and the brightest pixel at 255; 0x0 if there is none. */
    GreyImage croppedToInk() {
        float brightest = 0;
        for (float value : values) {
            brightest = Math.max(brightest, value);
        }
        float background = (float) borderMean();
        float range = brightest - background;
        if (range < LEAST_INK) {
            return new GreyImage(0, 0, new float[0]);
        }
        int left = width;
        int top = height;
        int right = -1;
        int bottom = -1;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (at(x, y) - background > INK * range) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = y;
                }
            }
        }
        float[] part = new float[(right - left + 1) * (bottom - top + 1)];
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                part[(y - top) * (right - left + 1) + x - left] = Math.max(0, at(x, y) - background) * 255 / range;
            }
        }
        return new GreyImage(right - left + 1, bottom - top + 1, part);
    }

    /** Scaled into the box, its centre of mass in the centre of {@code side} x {@code side} pixels. */
    GreyImage centred(int side) {
        GreyImage small = scaledInto(Math.round(side * BOX));
        double mass = 0;
        double massX = 0;
        double massY = 0;
        for (int y = 0; y < small.height; y++) {
            for (int x = 0; x < small.width; x++) {
                mass += small.at(x, y);
                massX += small.at(x, y) * (x + 0.5);
                massY += small.at(x, y) * (y + 0.5);
            }
        }
        int left = (int) Math.max(0, Math.min(side - small.width, Math.round(side / 2.0 - massX / mass)));
        int top = (int) Math.max(0, Math.min(side - small.height, Math.round(side / 2.0 - massY / mass)));
        float[] result = new float[side * side];
        for (int y = 0; y < small.height; y++) {
            System.arraycopy(small.values, y * small.width, result, (top + y) * side + left, small.width);
        }
        return new GreyImage(side, side, result);
    }

    /** The same picture with the longer side {@code box} pixels long. */
    private GreyImage scaledInto(int box) {
        double factor = (double) Math.max(width, height) / box;
        int newWidth = Math.max(1, (int) Math.round(width / factor));
        int newHeight = Math.max(1, (int) Math.round(height / factor));
        float[] result = new float[newWidth * newHeight];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                result[y * newWidth + x] = (float) areaMean(
                        x * (double) width / newWidth,
                        (x + 1) * (double) width / newWidth,
                        y * (double) height / newHeight,
                        (y + 1) * (double) height / newHeight);
            }
        }
        return new GreyImage(newWidth, newHeight, result);
    }

    /** The mean over a rectangle whose sides need not fall between pixels. */
    private double areaMean(double left, double right, double top, double bottom) {
        double sum = 0;
        for (int y = (int) top; y < Math.min(height, Math.ceil(bottom)); y++) {
            double high = Math.min(bottom, y + 1) - Math.max(top, y);
            for (int x = (int) left; x < Math.min(width, Math.ceil(right)); x++) {
                sum += high * (Math.min(right, x + 1) - Math.max(left, x)) * at(x, y);
            }
        }
        return sum / ((right - left) * (bottom - top));
    }

    byte[] bytes() {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(values[i]);
        }
        return bytes;
    }
}
