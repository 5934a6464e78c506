package bpnn.tck;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;

/** The random content of one call's operands, the same in every run with the same seed. */
final class Draw {
    private final RandomStream random;

    /**
     * @param seed the key of the run
     * @param subject the kernel or the case; its hash, which Java fixes, chooses the numbers
     * @param call number of the call within it
     */
    Draw(long seed, String subject, int call) {
        this.random = new RandomStream(seed, Purpose.STATISTICS, subject.hashCode(), call);
    }

    /** Numbers in [low, high). */
    float[] uniform(int count, float low, float high) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat(low, high);
        }
        return values;
    }

    /** Numbers in [-1, 1). */
    float[] uniform(int count) {
        return uniform(count, -1, 1);
    }

    /** Integers in [0, bound): with a small bound, many are equal. */
    float[] whole(int count, int bound) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(bound);
        }
        return values;
    }

    /** Elements of {@code choices}. */
    float[] among(int count, float... choices) {
        float[] values = whole(count, choices.length);
        for (int i = 0; i < count; i++) {
            values[i] = choices[(int) values[i]];
        }
        return values;
    }

    /** 0, 1, … in a drawn order. */
    float[] order(int length) {
        int[] places = new int[length];
        for (int i = 0; i < length; i++) {
            places[i] = i;
        }
        random.shuffle(places);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = places[i];
        }
        return values;
    }
}
