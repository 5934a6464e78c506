package bpnn.mnist;

import bpnn.random.RandomStream;

/**
 * Renders random variants of handwritten digits.
 *
 * <p>The points of a {@link DigitShape} are jittered, deformed by a random cubic field, scaled, slanted and rotated,
 * joined by Catmull-Rom splines, and drawn with a random stroke width. It uses only basic arithmetic, without the
 * platform's sine or exponential, so every machine gets the same bits.
 *
 * <p>Has working memory; not thread-safe.
 */
final class DigitRenderer {
    private static final int MAX_POINTS = 32;
    private static final int STEPS = 6;

    /** Mean width and slant per digit, in units of the height; fitted to the statistics of MNIST. */
    private static final float[] WIDTH = {0.82f, 0.4f, 0.85f, 0.74f, 0.74f, 0.81f, 0.75f, 0.78f, 0.78f, 0.72f};

    private static final float[] SLANT = {0.21f, 0.26f, 0.11f, 0.04f, 0.25f, 0.12f, 0.04f, 0.04f, 0.11f, 0.08f};

    private final float[] x = new float[MAX_POINTS];
    private final float[] y = new float[MAX_POINTS];
    private final StrokeRaster ink = new StrokeRaster();

    /** Writes the image of a digit to {@code pixels[offset ..]}, {@link StrokeRaster#SIDE} squared bytes. */
    void paint(int digit, RandomStream random, byte[] pixels, int offset) {
        DigitShape shape = DigitShapes.choose(digit, random);
        displace(shape, random);
        bend(shape.x.length, random);
        transform(digit, shape.x.length, random);
        ink.clear();
        for (int curve = 0; curve < shape.first.length; curve++) {
            trace(shape.first[curve], shape.last[curve]);
        }
        // Half the stroke width in units of the height, and the width of the anti-aliased edge in pixels.
        float radius = 0.04f + 0.075f * random.nextFloat() * random.nextFloat(0.4f, 1.4f);
        float softness = random.nextFloat(1.3f, 2.2f);
        ink.print(radius, softness, pixels, offset);
    }

    /** Jitters each point, by a random amount per image. */
    private void displace(DigitShape shape, RandomStream random) {
        float spread = random.nextFloat(0.025f, 0.075f);
        for (int i = 0; i < shape.x.length; i++) {
            x[i] = shape.x[i] - 0.5f + spread * bell(random);
            y[i] = shape.y[i] - 0.5f + spread * bell(random);
        }
    }

    /** A smooth displacement field: quadratic and cubic polynomials with random coefficients. */
    private void bend(int points, RandomStream random) {
        float uFromUU = 0.22f * bell(random);
        float uFromUV = 0.31f * bell(random);
        float uFromVV = 0.31f * bell(random);
        float uFromVVV = 0.49f * bell(random);
        float vFromUU = 0.28f * bell(random);
        float vFromUV = 0.31f * bell(random);
        float vFromVV = 0.28f * bell(random);
        float vFromUUU = 0.42f * bell(random);
        for (int i = 0; i < points; i++) {
            float u = x[i];
            float v = y[i];
            x[i] = u + u * (uFromUU * u + uFromUV * v) + v * v * (uFromVV + uFromVVV * v);
            y[i] = v + v * (vFromVV * v + vFromUV * u) + u * u * (vFromUU + vFromUUU * u);
        }
    }

    /** Scales, slants and rotates. */
    private void transform(int digit, int points, RandomStream random) {
        float width = WIDTH[digit] * (1 + 0.23f * bell(random));
        float slant = SLANT[digit] + 0.25f * bell(random);
        // Sine and cosine from the tangent of half the angle.
        float t = 0.06f * bell(random);
        float cosine = (1 - t * t) / (1 + t * t);
        float sine = 2 * t / (1 + t * t);
        for (int i = 0; i < points; i++) {
            float u = x[i] * width - slant * y[i];
            float v = y[i];
            x[i] = cosine * u - sine * v;
            y[i] = sine * u + cosine * v;
        }
    }

    /** Joins points by a uniform Catmull-Rom spline (E. Catmull and R. Rom, 1974), its ends extrapolated linearly. */
    private void trace(int first, int last) {
        float fromX = x[first];
        float fromY = y[first];
        for (int i = first; i < last; i++) {
            int before = Math.max(i - 1, first);
            int after = Math.min(i + 2, last);
            float p0x = i == first ? 2 * x[i] - x[i + 1] : x[before];
            float p0y = i == first ? 2 * y[i] - y[i + 1] : y[before];
            float p3x = i + 1 == last ? 2 * x[i + 1] - x[i] : x[after];
            float p3y = i + 1 == last ? 2 * y[i + 1] - y[i] : y[after];
            for (int step = 1; step <= STEPS; step++) {
                float t = step / (float) STEPS;
                float toX = spline(p0x, x[i], x[i + 1], p3x, t);
                float toY = spline(p0y, y[i], y[i + 1], p3y, t);
                ink.segment(fromX, fromY, toX, toY);
                fromX = toX;
                fromY = toY;
            }
        }
    }

    private static float spline(float p0, float p1, float p2, float p3, float t) {
        float linear = p2 - p0;
        float square = 2 * p0 - 5 * p1 + 4 * p2 - p3;
        float cube = 3 * (p1 - p2) + p3 - p0;
        return p1 + 0.5f * t * (linear + t * (square + t * cube));
    }

    /**
     * A triangularly distributed number of mean 0 and variance 1 in [-2.45, 2.45]: the sum of the halves of a random
     * word.
     */
    private static float bell(RandomStream random) {
        int word = random.nextInt();
        int sum = (word & 0xFFFF) + (word >>> 16);
        return (sum - 65535) * (2.449f / 65536);
    }
}
