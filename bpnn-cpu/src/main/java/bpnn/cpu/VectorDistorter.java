package bpnn.cpu;

import static bpnn.cpu.Species.BYTES;
import static bpnn.cpu.Species.FLOATS;
import static bpnn.cpu.Species.INTS;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import bpnn.spi.Augmentation;
import bpnn.spi.ExactMath;
import bpnn.spi.ImageDistortion;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ImageDistortion} in vectors: the pixels of a row side by side. Rows of scratch arrays are filled up to whole
 * vectors, so there is no tail. The four pixels that are mixed lie in the bytes of one integer, so one gather fetches them;
 * the neighbour to the right of the last column, and below the last row, is whatever byte follows: it is mixed with weight 0.
 */
final class VectorDistorter implements Distortions.Distorter {
    private static final int LANES = FLOATS.length();
    private static final int BYTE_LANES = BYTES.length();
    private static final float ROUNDING = ExactMath.ROUNDING;
    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);
    private static final int HALF_WORD = 16;
    /** Words of a block of {@link Philox}. */
    private static final int BLOCK = 4;

    private static final int LOW_BYTE = 0xFF;
    private static final FloatVector RAMP =
            (FloatVector) IntVector.zero(INTS).addIndex(1).convert(VectorOperators.I2F, 0);

    private final Augmentation augmentation;
    private final int width;
    private final int height;
    private final int channels;
    private final boolean elastic;
    /** {@link #width} rounded up to whole vectors. */
    private final int stride;
    /** The weights of the Gaussian along columns, [height, knotRows]. */
    private final float[] rowWeights;
    /** The first knot of each row of pixels whose weight is not 0, and the one after the last. */
    private final int[] firstKnot;

    private final int[] endKnot;
    /** The same along rows, [knotCols, stride]. */
    private final float[] columnWeights;

    private final int[] words;
    private final float[] noiseX;
    private final float[] noiseY;
    private final float[] smoothedX;
    private final float[] smoothedY;
    private final int[] quads;
    private final int[] indices;
    private final int[] fetched;
    private final float[] partsX;
    private final float[] partsY;
    private final float[] plane;

    VectorDistorter(Augmentation augmentation, float[] smoothing) {
        int knots = augmentation.knotRows() * augmentation.knotCols();
        this.augmentation = augmentation;
        this.width = augmentation.width();
        this.height = augmentation.height();
        this.channels = augmentation.channels();
        this.elastic = augmentation.isElastic();
        this.stride = (width + LANES - 1) / LANES * LANES;
        this.rowWeights = smoothing;
        this.firstKnot = new int[height];
        this.endKnot = new int[height];
        findKnots();
        this.columnWeights = new float[augmentation.knotCols() * stride];
        for (int l = 0; l < augmentation.knotCols(); l++) {
            System.arraycopy(smoothing, height * augmentation.knotRows() + l * width, columnWeights, l * stride, width);
        }
        this.words = new int[(Augmentation.KNOT_WORDS + knots + BLOCK - 1) / BLOCK * BLOCK];
        this.noiseX = new float[knots];
        this.noiseY = new float[knots];
        this.smoothedX = new float[augmentation.knotRows() * stride];
        this.smoothedY = new float[augmentation.knotRows() * stride];
        this.quads = new int[augmentation.features()];
        this.indices = new int[stride];
        this.fetched = new int[stride];
        this.partsX = new float[stride];
        this.partsY = new float[stride];
        this.plane = new float[(height - 1) * width + stride];
    }

    private void findKnots() {
        int rows = augmentation.knotRows();
        for (int i = 0; i < height; i++) {
            firstKnot[i] = 0;
            endKnot[i] = rows;
            while (firstKnot[i] < endKnot[i] && rowWeights[i * rows + firstKnot[i]] == 0) {
                firstKnot[i]++;
            }
            while (firstKnot[i] < endKnot[i] && rowWeights[i * rows + endKnot[i] - 1] == 0) {
                endKnot[i]--;
            }
        }
    }

    @Override
    public void apply(byte[] pixels, int start, int epoch, int image, float[] values, int at) {
        draw(epoch, image);
        float[] map = ImageDistortion.affine(augmentation, words);
        joinNeighbours(pixels, start);
        if (elastic) {
            spreadNoise();
            smoothAlongRows();
        }
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < height; i++) {
                locateRow(map, i, channel);
                fetch();
                mixRow(i * width);
            }
            if (channels == 1) {
                System.arraycopy(plane, 0, values, at, height * width);
            } else {
                for (int p = 0; p < height * width; p++) {
                    values[at + p * channels + channel] = plane[p];
                }
            }
        }
    }

    private void draw(int epoch, int image) {
        int key0 = (int) augmentation.seed();
        int key1 = (int) (augmentation.seed() >>> 32);
        for (int block = 0; block < words.length / BLOCK; block++) {
            Philox.block(key0, key1, Purpose.AUGMENTATION.code(), epoch, image, block, words, block * BLOCK);
        }
    }

    /** The pixel, its right neighbour, the pixel below and that one's right neighbour, from the lowest byte on. */
    private void joinNeighbours(byte[] pixels, int start) {
        int below = width * channels;
        int readable = pixels.length - start - below - channels - BYTE_LANES;
        int done = 0;
        for (; done + LANES <= quads.length && done <= readable; done += LANES) {
            int at = start + done;
            ints(pixels, at)
                    .or(ints(pixels, at + channels).lanewise(VectorOperators.LSHL, 8))
                    .or(ints(pixels, at + below).lanewise(VectorOperators.LSHL, 16))
                    .or(ints(pixels, at + below + channels).lanewise(VectorOperators.LSHL, 24))
                    .intoArray(quads, done);
        }
        for (; done < quads.length; done++) {
            int at = start + done;
            quads[done] = byteAt(pixels, at)
                    | (byteAt(pixels, at + channels) << 8)
                    | (byteAt(pixels, at + below) << 16)
                    | (byteAt(pixels, at + below + channels) << 24);
        }
    }

    private static IntVector ints(byte[] bytes, int at) {
        return (IntVector) ByteVector.fromArray(BYTES, bytes, at)
                .convertShape(VectorOperators.B2I, INTS, 0)
                .lanewise(VectorOperators.AND, LOW_BYTE);
    }

    /** Beyond the last image there is nothing, which has no weight. */
    private static int byteAt(byte[] pixels, int at) {
        return at < pixels.length ? pixels[at] & LOW_BYTE : 0;
    }

    private void spreadNoise() {
        for (int k = 0; k < noiseX.length; k++) {
            int word = words[Augmentation.KNOT_WORDS + k];
            noiseX[k] = ImageDistortion.signedHalf(word);
            noiseY[k] = ImageDistortion.signedHalf(word << HALF_WORD);
        }
    }

    /** Both fields side by side, since a single sum waits for each of its additions. */
    private void smoothAlongRows() {
        int cols = augmentation.knotCols();
        for (int k = 0; k < augmentation.knotRows(); k++) {
            for (int j = 0; j < stride; j += LANES) {
                FloatVector x = FloatVector.zero(FLOATS);
                FloatVector y = FloatVector.zero(FLOATS);
                for (int l = 0; l < cols; l++) {
                    FloatVector weights = FloatVector.fromArray(FLOATS, columnWeights, l * stride + j);
                    x = FloatVector.broadcast(FLOATS, noiseX[k * cols + l]).fma(weights, x);
                    y = FloatVector.broadcast(FLOATS, noiseY[k * cols + l]).fma(weights, y);
                }
                x.intoArray(smoothedX, k * stride + j);
                y.intoArray(smoothedY, k * stride + j);
            }
        }
    }

    private void locateRow(float[] map, int i, int channel) {
        float centreX = (width - 1) / 2f;
        float dy = i - (height - 1) / 2f;
        FloatVector rowX = FloatVector.broadcast(FLOATS, Math.fma(map[1], dy, map[2]));
        FloatVector rowY = FloatVector.broadcast(FLOATS, Math.fma(map[4], dy, map[5]));
        FloatVector slopeX = FloatVector.broadcast(FLOATS, map[0]);
        FloatVector slopeY = FloatVector.broadcast(FLOATS, map[3]);
        int weights = i * augmentation.knotRows();
        for (int j = 0; j < stride; j += LANES) {
            FloatVector dx = RAMP.add(j - centreX);
            FloatVector x = dx.fma(slopeX, rowX);
            FloatVector y = dx.fma(slopeY, rowY);
            if (elastic) {
                FloatVector moveX = FloatVector.zero(FLOATS);
                FloatVector moveY = FloatVector.zero(FLOATS);
                for (int k = firstKnot[i]; k < endKnot[i]; k++) {
                    FloatVector weight = FloatVector.broadcast(FLOATS, rowWeights[weights + k]);
                    moveX = weight.fma(FloatVector.fromArray(FLOATS, smoothedX, k * stride + j), moveX);
                    moveY = weight.fma(FloatVector.fromArray(FLOATS, smoothedY, k * stride + j), moveY);
                }
                x = x.add(moveX);
                y = y.add(moveY);
            }
            locate(x.max(0f).min(width - 1), y.max(0f).min(height - 1), channel, j);
        }
    }

    /** Where the four pixels are that are mixed, and how. */
    private void locate(FloatVector x, FloatVector y, int channel, int j) {
        FloatVector shiftedX = x.sub(0.5f).add(ROUNDING);
        FloatVector shiftedY = y.sub(0.5f).add(ROUNDING);
        IntVector left = shiftedX.reinterpretAsInts().sub(ROUNDING_BITS);
        IntVector top = shiftedY.reinterpretAsInts().sub(ROUNDING_BITS);
        top.mul(width).add(left).mul(channels).add(channel).intoArray(indices, j);
        x.sub(shiftedX.sub(ROUNDING)).intoArray(partsX, j);
        y.sub(shiftedY.sub(ROUNDING)).intoArray(partsY, j);
    }

    private void fetch() {
        for (int j = 0; j < indices.length; j++) {
            fetched[j] = quads[indices[j]];
        }
    }

    private void mixRow(int to) {
        for (int j = 0; j < stride; j += LANES) {
            IntVector quad = IntVector.fromArray(INTS, fetched, j);
            FloatVector partX = FloatVector.fromArray(FLOATS, partsX, j);
            FloatVector partY = FloatVector.fromArray(FLOATS, partsY, j);
            FloatVector upperLeft = number(quad.and(LOW_BYTE));
            FloatVector upperRight =
                    number(quad.lanewise(VectorOperators.LSHR, 8).and(LOW_BYTE));
            FloatVector lowerLeft =
                    number(quad.lanewise(VectorOperators.LSHR, 16).and(LOW_BYTE));
            FloatVector lowerRight = number(quad.lanewise(VectorOperators.LSHR, 24));
            FloatVector above = partX.fma(upperRight.sub(upperLeft), upperLeft);
            FloatVector below = partX.fma(lowerRight.sub(lowerLeft), lowerLeft);
            partY.fma(below.sub(above), above).intoArray(plane, to + j);
        }
    }

    private static FloatVector number(IntVector bytes) {
        return (FloatVector) bytes.convert(VectorOperators.I2F, 0);
    }
}
