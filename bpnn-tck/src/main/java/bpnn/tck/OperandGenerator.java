package bpnn.tck;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Activation;
import bpnn.spi.Reference;

/** Generates the random operands of one call, the same in every run with the same seed. */
final class OperandGenerator {
    private final RandomStream random;

    /**
     * @param seed the seed of the run
     * @param subject the kernel or case; the step of the Philox counter is its {@link String#hashCode}
     * @param call index of the call within the subject
     */
    OperandGenerator(long seed, String subject, int call) {
        this.random = new RandomStream(seed, Purpose.STATISTICS, subject.hashCode(), call);
    }

    /** Uniform in [low, high). */
    float[] uniform(int count, float low, float high) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat(low, high);
        }
        return values;
    }

    /** Uniform in [-1, 1). */
    float[] uniform(int count) {
        return uniform(count, -1, 1);
    }

    /** Outputs of an activation whose inputs are uniform in [-4, 4); half of those of relu are 0. */
    float[] outputs(Activation activation, int count) {
        float[] values = uniform(count, -4, 4);
        for (int i = 0; i < count; i++) {
            values[i] = Reference.apply(activation.op(), values[i]);
        }
        return values;
    }

    /** Uniform integers in [0, bound); a small bound gives many equal elements. */
    float[] whole(int count, int bound) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(bound);
        }
        return values;
    }

    /** Random elements of {@code choices}. */
    float[] among(int count, float... choices) {
        float[] values = whole(count, choices.length);
        for (int i = 0; i < count; i++) {
            values[i] = choices[(int) values[i]];
        }
        return values;
    }

    /** A random permutation of 0, 1, … */
    float[] order(int length) {
        int[] positions = new int[length];
        for (int i = 0; i < length; i++) {
            positions[i] = i;
        }
        random.shuffle(positions);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = positions[i];
        }
        return values;
    }
}
