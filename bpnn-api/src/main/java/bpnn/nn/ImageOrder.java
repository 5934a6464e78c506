package bpnn.nn;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;

/**
 * The order in which an epoch takes the images; it follows from seed and epoch alone, so that the next one can be drawn while
 * a backend still works on steps of this one.
 */
final class ImageOrder {
    private final boolean shuffled;
    private final long seed;
    private final int[] images;
    /** The epoch whose order {@link #images} holds, from 1; 0 for none. */
    private int epoch;

    ImageOrder(TrainingConfig config, int count) {
        this.shuffled = config.shuffle();
        this.seed = config.seed();
        this.images = new int[count];
    }

    /** The numbers of all images, valid until another epoch is asked for. */
    int[] of(int wanted) {
        if (epoch != wanted) {
            for (int i = 0; i < images.length; i++) {
                images[i] = i;
            }
            if (shuffled) {
                new RandomStream(seed, Purpose.SHUFFLE, wanted, 0).shuffle(images);
            }
            epoch = wanted;
        }
        return images;
    }
}
