package bpnn.mnist;

import bpnn.data.Framing;
import bpnn.data.ImageShape;

/** Finds out how what images show lies in them: whether they were made as MNIST's or as EMNIST's were. */
public final class FramingDetector {
    /** Images that are looked at. */
    private static final int SAMPLE = 200;

    /** The share of them that must agree: real sets have strays. */
    private static final double SHARE = 0.9;

    /** Ink is brighter than this; below it is what scaling leaves around a stroke. */
    private static final int INK = 8;

    private static final double MASS_BOX = 20.0 / 28;
    private static final double BOUNDING_BOX = 24.0 / 28;

    /** Pixels of 28 by which a centre may lie beside the centre: half for rounding, and what an older scaling added. */
    private static final double TOLERANCE = 1.1 / 28;

    private FramingDetector() {}

    /** The framing of images back to back. */
    public static Framing of(ImageShape shape, byte[] pixels) {
        int images = pixels.length / shape.features();
        if (shape.channels() > 1 || shape.height() != shape.width() || images == 0) {
            return Framing.WHOLE;
        }
        int step = Math.max(1, images / SAMPLE);
        int seen = 0;
        int byMass = 0;
        int byBox = 0;
        for (int image = 0; image < images; image += step) {
            Figure figure = Figure.of(shape, pixels, image * shape.features());
            seen++;
            byMass += figure.isCentredByMass(shape.width()) ? 1 : 0;
            byBox += figure.isCentredByBox(shape.width()) ? 1 : 0;
        }
        if (byMass >= SHARE * seen) {
            return Framing.CENTRE_OF_MASS;
        }
        return byBox >= SHARE * seen ? Framing.BOUNDING_BOX : Framing.WHOLE;
    }

    /** Where the ink lies; edges are between pixels. */
    private record Figure(int left, int top, int right, int bottom, double massX, double massY) {
        static Figure of(ImageShape shape, byte[] pixels, int from) {
            int left = shape.width();
            int top = shape.height();
            int right = 0;
            int bottom = 0;
            long mass = 0;
            long massX = 0;
            long massY = 0;
            for (int y = 0; y < shape.height(); y++) {
                for (int x = 0; x < shape.width(); x++) {
                    int value = pixels[from + y * shape.width() + x] & 0xFF;
                    mass += value;
                    massX += (long) value * x;
                    massY += (long) value * y;
                    if (value > INK) {
                        left = Math.min(left, x);
                        right = Math.max(right, x + 1);
                        top = Math.min(top, y);
                        bottom = y + 1;
                    }
                }
            }
            return new Figure(left, top, right, bottom, 0.5 + (double) massX / mass, 0.5 + (double) massY / mass);
        }

        private boolean hasLongerSide(double share, int side) {
            int longer = Math.max(right - left, bottom - top);
            return longer >= (share - TOLERANCE) * side && longer <= (share + TOLERANCE) * side;
        }

        boolean isCentredByMass(int side) {
            return hasLongerSide(MASS_BOX, side) && isCentre(massX, side) && isCentre(massY, side);
        }

        boolean isCentredByBox(int side) {
            return hasLongerSide(BOUNDING_BOX, side)
                    && isCentre((left + right) / 2.0, side)
                    && isCentre((top + bottom) / 2.0, side);
        }

        private static boolean isCentre(double place, int side) {
            return Math.abs(place - side / 2.0) <= TOLERANCE * side;
        }
    }
}
