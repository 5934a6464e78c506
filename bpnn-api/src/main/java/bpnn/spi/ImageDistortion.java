package bpnn.spi;

import bpnn.random.Philox;
import bpnn.random.Purpose;

/**
 * The definition of {@link Kernels#gatherAugmented} for one image, in float32. A pixel's value is interpolated between
 * four pixels of the original, bilinearly; beyond its edge the original goes on as it is there.
 *
 * <p>The random words of an image are those of the Philox stream {@code (seed; AUGMENTATION, epoch, image)}. With u_k =
 * word k as a number in [-1, 1), c_x = (width - 1) / 2, c_y = (height - 1) / 2, every operation rounded once and in the
 * order given:
 *
 * <ul>
 *   <li>t = tangent · u_0, cos = (1 - t·t) / (1 + t·t), sin = (t + t) / (1 + t·t); s_x = fma(scale, u_1, 1), s_y =
 *       fma(scale, u_2, 1), h = shear · u_3; o_x = fma(shift, u_4, c_x), o_y = fma(shift, u_5, c_y)
 *   <li>a = cos · s_x, b = fma(cos, h, -(sin · s_y)), c = sin · s_x, d = fma(sin, h, cos · s_y)
 *   <li>the pixel (i, j) comes from x = fma(a, j - c_x, fma(b, i - c_y, o_x)), y = fma(c, j - c_x, fma(d, i - c_y, o_y))
 *   <li>with elastic distortion x and y are increased by Σ_k R[i, k] · (Σ_l z[k, l] · C[l, j]), sums of fma in ascending
 *       order from 0, with R and C of {@link Augmentation#smoothing} and z the upper (for y the lower) 16 bits of word
 *       {@value Augmentation#KNOT_WORDS} + k · knotCols + l as a number in [-1, 1)
 *   <li>x is limited to [0, width - 1], likewise y; x' = x - ½ rounded to the nearest integer, ties to even, f = x - x'; the
 *       pixels x' and x' + 1 (the last one at most) are mixed as fma(f, right - left, left), and two such rows likewise
 * </ul>
 */
public final class ImageDistortion {
    /** 1.5 · 2²³: adding it rounds a small number to the nearest integer, ties to even. */
    private static final float ROUNDING = ExactMath.ROUNDING;

    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);
    private static final int HALF_WORD = 16;

    private final Augmentation augmentation;
    private final float[] smoothing;
    private final int[] words;
    /** z · C for the displacement in x and in y, [knotRows, width]. */
    private final float[][] smoothed;

    /** @param smoothing {@link Augmentation#smoothing} */
    public ImageDistortion(Augmentation augmentation, float[] smoothing) {
        this.augmentation = augmentation;
        this.smoothing = smoothing;
        this.words = new int[Augmentation.KNOT_WORDS + augmentation.knotRows() * augmentation.knotCols()];
        this.smoothed = new float[2][augmentation.knotRows() * augmentation.width()];
    }

    /** The upper 24 bits of a word as a number in [-1, 1), exactly. */
    public static float signedUnit(int word) {
        return (word >>> 8) * 0x1p-23f - 1f;
    }

    /** The upper 16 bits of a word as a number in [-1, 1), exactly. */
    public static float signedHalf(int word) {
        return (word >>> HALF_WORD) * 0x1p-15f - 1f;
    }

    /**
     * The affine map from a distorted image to its original.
     *
     * @return a, b, o_x, c, d, o_y
     */
    public static float[] affine(Augmentation augmentation, int[] words) {
        Distortion distortion = augmentation.distortion();
        float t = augmentation.tangent() * signedUnit(words[0]);
        float square = t * t;
        float cos = (1f - square) / (1f + square);
        float sin = (t + t) / (1f + square);
        float scaleX = Math.fma(distortion.scale(), signedUnit(words[1]), 1f);
        float scaleY = Math.fma(distortion.scale(), signedUnit(words[2]), 1f);
        float shear = distortion.shear() * signedUnit(words[3]);
        float originX = Math.fma(distortion.shift(), signedUnit(words[4]), (augmentation.width() - 1) / 2f);
        float originY = Math.fma(distortion.shift(), signedUnit(words[5]), (augmentation.height() - 1) / 2f);
        return new float[] {
            cos * scaleX,
            Math.fma(cos, shear, -(sin * scaleY)),
            originX,
            sin * scaleX,
            Math.fma(sin, shear, cos * scaleY),
            originY
        };
    }

    /**
     * Distorts an image.
     *
     * @param pixels unsigned bytes, an image from {@code start} on
     * @param epoch number of the epoch
     * @param image number of the image in the training set
     * @param values receives its values, 0 to 255, from {@code at} on
     */
    public void apply(byte[] pixels, int start, int epoch, int image, float[] values, int at) {
        int width = augmentation.width();
        int height = augmentation.height();
        Philox.fill(augmentation.seed(), Purpose.AUGMENTATION, epoch, image, 0, words, 0, words.length);
        float[] map = affine(augmentation, words);
        smoothAlongRows();
        float centreX = (width - 1) / 2f;
        float centreY = (height - 1) / 2f;
        int to = at;
        for (int i = 0; i < height; i++) {
            float dy = i - centreY;
            float rowX = Math.fma(map[1], dy, map[2]);
            float rowY = Math.fma(map[4], dy, map[5]);
            for (int j = 0; j < width; j++) {
                float dx = j - centreX;
                float x = Math.fma(map[0], dx, rowX);
                float y = Math.fma(map[3], dx, rowY);
                if (augmentation.isElastic()) {
                    x += displacement(smoothed[0], i, j);
                    y += displacement(smoothed[1], i, j);
                }
                sample(pixels, start, limited(x, width - 1), limited(y, height - 1), values, to);
                to += augmentation.channels();
            }
        }
    }

    private void smoothAlongRows() {
        int width = augmentation.width();
        int cols = augmentation.knotCols();
        int columnWeights = augmentation.height() * augmentation.knotRows();
        for (int k = 0; k < augmentation.knotRows(); k++) {
            for (int j = 0; j < width; j++) {
                float x = 0f;
                float y = 0f;
                for (int l = 0; l < cols; l++) {
                    int word = words[Augmentation.KNOT_WORDS + k * cols + l];
                    float weight = smoothing[columnWeights + l * width + j];
                    x = Math.fma(signedHalf(word), weight, x);
                    y = Math.fma(signedHalf(word << HALF_WORD), weight, y);
                }
                smoothed[0][k * width + j] = x;
                smoothed[1][k * width + j] = y;
            }
        }
    }

    private float displacement(float[] rows, int i, int j) {
        float sum = 0f;
        for (int k = 0; k < augmentation.knotRows(); k++) {
            sum = Math.fma(smoothing[i * augmentation.knotRows() + k], rows[k * augmentation.width() + j], sum);
        }
        return sum;
    }

    private static float limited(float x, int last) {
        float low = x < 0f ? 0f : x;
        return low > last ? last : low;
    }

    private void sample(byte[] pixels, int start, float x, float y, float[] values, int to) {
        int channels = augmentation.channels();
        float shiftedX = (x - 0.5f) + ROUNDING;
        float shiftedY = (y - 0.5f) + ROUNDING;
        int left = Float.floatToRawIntBits(shiftedX) - ROUNDING_BITS;
        int top = Float.floatToRawIntBits(shiftedY) - ROUNDING_BITS;
        float partX = x - (shiftedX - ROUNDING);
        float partY = y - (shiftedY - ROUNDING);
        int right = Math.min(left + 1, augmentation.width() - 1);
        int bottom = Math.min(top + 1, augmentation.height() - 1);
        for (int channel = 0; channel < channels; channel++) {
            int at = start + channel;
            int upper = at + top * augmentation.width() * channels;
            int lower = at + bottom * augmentation.width() * channels;
            float above = mixed(pixels, upper + left * channels, upper + right * channels, partX);
            float below = mixed(pixels, lower + left * channels, lower + right * channels, partX);
            values[to + channel] = Math.fma(partY, below - above, above);
        }
    }

    private static float mixed(byte[] pixels, int left, int right, float part) {
        float first = pixels[left] & 0xFF;
        return Math.fma(part, (pixels[right] & 0xFF) - first, first);
    }
}
