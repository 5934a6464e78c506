package bpnn.spi;

/**
 * The random numbers of a dropout layer: Philox coordinates and rate.
 *
 * @param seed the Philox key
 * @param layer the Philox stream: the index of the layer, from 0
 * @param rate probability of dropping a unit, in [0, 1)
 * @param perBatch one mask row for the whole batch (as in the article) instead of one per example
 */
public record DropoutSpec(long seed, int layer, float rate, boolean perBatch) {
    public DropoutSpec {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("The dropout rate must be in [0, 1), but is " + rate);
        }
    }

    /** A unit is dropped if its unsigned random word is less than this: rate · 2³², rounded. */
    public int threshold() {
        return (int) Math.round(rate * 0x1p32);
    }

    /** The factor of a kept unit: 1 / (1 - rate). */
    public float scale() {
        return (float) (1.0 / (1.0 - rate));
    }
}
