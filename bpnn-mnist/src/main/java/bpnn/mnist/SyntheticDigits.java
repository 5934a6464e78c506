package bpnn.mnist;

import bpnn.data.Dataset;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.util.stream.IntStream;

/**
 * Handwritten-looking digits for machines without MNIST, drawn stroke by stroke from a seed.
 *
 * <p>The images are laid out as MNIST's are: 28x28 bytes, white on black, the digit in a box of 20x20 that is centred
 * by its mass. They depend on the seed and the counts alone, not on the machine or on its number of threads.
 */
public final class SyntheticDigits {
    private static final String NAME = "synthetic";
    private static final int CLASSES = 10;
    private static final int FEATURES = Ink.SIDE * Ink.SIDE;
    /** Images drawn by one task: enough that their number keeps all cores busy to the end. */
    private static final int CHUNK = 250;

    /** Streams of random numbers; the images of each half and the order of its labels have one each. */
    private static final int TRAIN_IMAGES = 0;

    private static final int TEST_IMAGES = 1;
    private static final int TRAIN_ORDER = 2;
    private static final int TEST_ORDER = 3;

    private SyntheticDigits() {}

    /**
     * Draws both halves of a data set, on all cores.
     *
     * @param seed decides every pixel and every label
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
            DigitPainter painter = new DigitPainter();
            int end = Math.min(count, (chunk + 1) * CHUNK);
            for (int image = chunk * CHUNK; image < end; image++) {
                RandomStream random = new RandomStream(seed, Purpose.SYNTHETIC_DATA, image, imageStream);
                painter.paint(labels[image], random, pixels, image * FEATURES);
            }
        });
        return new Dataset(NAME, Ink.SIDE, Ink.SIDE, CLASSES, pixels, labels);
    }

    /** Each class equally often, or some once more where the count does not divide, in random order. */
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
