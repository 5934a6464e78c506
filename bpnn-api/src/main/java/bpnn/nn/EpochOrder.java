package bpnn.nn;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;

/**
 * The order in which an epoch visits the images. It depends on seed and epoch alone, so the next one can be shuffled
 * while a backend still runs steps of this one.
 */
final class EpochOrder {
    private final boolean shuffled;
    private final long seed;
    private final int[] images;
    /** The epoch whose order is in {@link #images}, from 1; 0 for none. */
    private int epoch;

    EpochOrder(TrainingConfig config, int count) {
        this.shuffled = config.shuffle();
        this.seed = config.seed();
        this.images = new int[count];
    }

    /** The image indices in order, valid until the next call for another epoch. */
    int[] of(int requested) {
        if (epoch != requested) {
            for (int i = 0; i < images.length; i++) {
                images[i] = i;
            }
            if (shuffled) {
                new RandomStream(seed, Purpose.SHUFFLE, requested, 0).shuffle(images);
            }
            epoch = requested;
        }
        return images;
    }
}
