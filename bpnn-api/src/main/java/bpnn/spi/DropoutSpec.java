package bpnn.spi;

/**
 * One dropout layer's random numbers: which words of Philox decide, and how.
 *
 * @param seed the key
 * @param layer the stream: the layer's number, from 0
 * @param rate probability of dropping a unit, in [0, 1)
 * @param perBatch one mask row for the whole batch (as the article has it) instead of one per example
 */
public record DropoutSpec(long seed, int layer, float rate, boolean perBatch) {
    public DropoutSpec {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("The dropout rate must be in [0, 1), but is " + rate);
        }
    }

    /** A unit is dropped where its random word, unsigned, is less than this: rate · 2³², rounded. */
    public int threshold() {
        return (int) Math.round(rate * 0x1p32);
    }

    /** What a kept unit is multiplied with: 1 / (1 - rate). */
    public float scale() {
        return (float) (1.0 / (1.0 - rate));
    }
}
