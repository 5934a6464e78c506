package bpnn.mnist;

import bpnn.data.Dataset;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.util.stream.IntStream;

/**
 * Synthetic handwritten digits for machines without MNIST, rendered from a seed.
 *
 * <p>The images have the layout of MNIST: 28x28 bytes, white on black, the digit in a box of 20x20 centred by its mass.
 * They depend only on the seed and the counts, not on the machine or the number of threads.
 */
public final class SyntheticDigits {
    private static final String NAME = "synthetic";
    private static final int CLASSES = 10;
    private static final int FEATURES = StrokeRaster.SIDE * StrokeRaster.SIDE;
    /** Images per task: small enough to balance the load across all cores. */
    private static final int CHUNK = 250;

    /** Random streams: one each for the images and the label order of the training and the test set. */
    private static final int TRAIN_IMAGES = 0;

    private static final int TEST_IMAGES = 1;
    private static final int TRAIN_ORDER = 2;
    private static final int TEST_ORDER = 3;

    private SyntheticDigits() {}

    /**
     * Generates a training and a test set, on all cores.
     *
     * @param seed determines every pixel and label
     * @param trainCount number of training images, at least 1; MNIST has 60,000
     * @param testCount number of test images, at least 1; MNIST has 10,000
     * @throws IllegalArgumentException if a count is below 1, or too large for an array of pixels
     */
    public static DataSplit generate(long seed, int trainCount, int testCount) {
        return DataSplit.of(
                draw(seed, trainCount, TRAIN_IMAGES, TRAIN_ORDER), draw(seed, testCount, TEST_IMAGES, TEST_ORDER));
    }

    private static Dataset draw(long seed, int count, int imageStream, int orderStream) {
        if (count < 1 || count > Integer.MAX_VALUE / FEATURES) {
            throw new IllegalArgumentException("A synthetic data set has 1 to " + Integer.MAX_VALUE / FEATURES
                    + " images in each half, but " + count + " are asked for");
        }
        byte[] labels = labels(new RandomStream(seed, Purpose.SYNTHETIC_DATA, 0, orderStream), count);
        byte[] pixels = new byte[count * FEATURES];
        IntStream.range(0, (count + CHUNK - 1) / CHUNK).parallel().forEach(chunk -> {
            DigitRenderer painter = new DigitRenderer();
            int end = Math.min(count, (chunk + 1) * CHUNK);
            for (int image = chunk * CHUNK; image < end; image++) {
                RandomStream random = new RandomStream(seed, Purpose.SYNTHETIC_DATA, image, imageStream);
                painter.paint(labels[image], random, pixels, image * FEATURES);
            }
        });
        return new Dataset(NAME, StrokeRaster.SIDE, StrokeRaster.SIDE, CLASSES, pixels, labels);
    }

    /** Balanced labels (class counts differ by at most one) in random order. */
    private static byte[] labels(RandomStream random, int count) {
        int[] order = IntStream.range(0, count).toArray();
        random.shuffle(order);
        byte[] labels = new byte[count];
        for (int image = 0; image < count; image++) {
            labels[image] = (byte) (order[image] % CLASSES);
        }
        return labels;
    }
}
