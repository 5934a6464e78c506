package bpnn.mnist;

import java.util.Arrays;

/**
 * Rasterises pen strokes like MNIST: scaled to fit a box of 20x20 pixels, anti-aliased, and positioned with the centre
 * of mass in the centre of 28x28 pixels.
 *
 * <p>Source of the layout: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
 */
final class StrokeRaster {
    /** Rows and columns of the image. */
    static final int SIDE = 28;

    private static final int BOX = 20;
    private static final int MAX_SEGMENTS = 256;

    private final float[] fromX = new float[MAX_SEGMENTS];
    private final float[] fromY = new float[MAX_SEGMENTS];
    private final float[] toX = new float[MAX_SEGMENTS];
    private final float[] toY = new float[MAX_SEGMENTS];
    private int segments;

    /** Squared distance of each pixel of the box to the nearest segment. */
    private final float[] distance = new float[BOX * BOX];

    private final byte[] grey = new byte[BOX * BOX];

    void clear() {
        segments = 0;
    }

    /** Adds a line segment. */
    void segment(float x0, float y0, float x1, float y1) {
        fromX[segments] = x0;
        fromY[segments] = y0;
        toX[segments] = x1;
        toY[segments] = y1;
        segments++;
    }

    /**
     * Writes the image.
     *
     * @param radius half the stroke width, in the units of the segments
     * @param softness width of the anti-aliased edge in pixels
     */
    void print(float radius, float softness, byte[] pixels, int offset) {
        float left = Float.MAX_VALUE;
        float top = Float.MAX_VALUE;
        float right = -Float.MAX_VALUE;
        float bottom = -Float.MAX_VALUE;
        for (int s = 0; s < segments; s++) {
            left = Math.min(left, Math.min(fromX[s], toX[s]));
            right = Math.max(right, Math.max(fromX[s], toX[s]));
            top = Math.min(top, Math.min(fromY[s], toY[s]));
            bottom = Math.max(bottom, Math.max(fromY[s], toY[s]));
        }
        float scale = BOX / (Math.max(right - left, bottom - top) + 2 * radius);
        float shiftX = BOX * 0.5f - scale * (left + right) * 0.5f;
        float shiftY = BOX * 0.5f - scale * (top + bottom) * 0.5f;
        float reach = scale * radius + 0.5f * softness;
        Arrays.fill(distance, reach * reach);
        for (int s = 0; s < segments; s++) {
            measure(
                    fromX[s] * scale + shiftX,
                    fromY[s] * scale + shiftY,
                    toX[s] * scale + shiftX,
                    toY[s] * scale + shiftY,
                    reach);
        }
        shade(reach, 255 / softness);
        place(pixels, offset);
    }

    /** Updates the distances of the pixels near a segment, given in pixels. */
    private void measure(float x0, float y0, float x1, float y1, float reach) {
        float dx = x1 - x0;
        float dy = y1 - y0;
        float inverse = 1 / (dx * dx + dy * dy + 1e-9f);
        int firstRow = Math.max(0, (int) (Math.min(y0, y1) - reach));
        int lastRow = Math.min(BOX - 1, (int) (Math.max(y0, y1) + reach));
        int firstColumn = Math.max(0, (int) (Math.min(x0, x1) - reach));
        int lastColumn = Math.min(BOX - 1, (int) (Math.max(x0, x1) + reach));
        for (int row = firstRow; row <= lastRow; row++) {
            float py = row + 0.5f - y0;
            for (int column = firstColumn; column <= lastColumn; column++) {
                float px = column + 0.5f - x0;
                float along = Math.max(0, Math.min(1, (px * dx + py * dy) * inverse));
                float ex = px - along * dx;
                float ey = py - along * dy;
                int pixel = row * BOX + column;
                distance[pixel] = Math.min(distance[pixel], ex * ex + ey * ey);
            }
        }
    }

    /** Converts a distance to grey: 255 inside the stroke, falling linearly to 0 at {@code reach}. */
    private void shade(float reach, float slope) {
        for (int i = 0; i < grey.length; i++) {
            float value = (reach - (float) Math.sqrt(distance[i])) * slope;
            grey[i] = (byte) (int) Math.min(255, value + 0.5f);
        }
    }

    /** Copies the box into the image such that the centre of mass is within half a pixel of the centre. */
    private void place(byte[] pixels, int offset) {
        int mass = 0;
        int massX = 0;
        int massY = 0;
        for (int row = 0; row < BOX; row++) {
            for (int column = 0; column < BOX; column++) {
                int value = grey[row * BOX + column] & 0xFF;
                mass += value;
                massX += value * (2 * column + 1);
                massY += value * (2 * row + 1);
            }
        }
        int left = shift(massX, mass);
        int top = shift(massY, mass);
        for (int row = 0; row < BOX; row++) {
            System.arraycopy(grey, row * BOX, pixels, offset + (top + row) * SIDE + left, BOX);
        }
    }

    /** The start of the box, in whole pixels, clamped to the image. */
    private static int shift(int doubledMoment, int mass) {
        int start = Math.round(SIDE * 0.5f - doubledMoment * 0.5f / Math.max(1, mass));
        return Math.max(0, Math.min(SIDE - BOX, start));
    }
}
