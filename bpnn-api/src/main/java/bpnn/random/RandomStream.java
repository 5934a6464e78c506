package bpnn.random;

/**
 * Sequential random numbers from one Philox stream. Streams with the same coordinates give the same sequence. Not
 * thread-safe.
 */
public final class RandomStream {
    private final long seed;
    private final Purpose purpose;
    private final int step;
    private final int stream;
    private final int[] words = new int[4];
    private int blocks;
    private int used = 4;

    public RandomStream(long seed, Purpose purpose, int step, int stream) {
        this.seed = seed;
        this.purpose = purpose;
        this.step = step;
        this.stream = stream;
    }

    /** The next 32 random bits. */
    public int nextInt() {
        if (used == 4) {
            Philox.block((int) seed, (int) (seed >>> 32), purpose.code(), step, stream, blocks++, words, 0);
            used = 0;
        }
        return words[used++];
    }

    /** The next number in [0, bound), by multiply-shift; the bias is below bound / 2^32. */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be at least 1, but is " + bound);
        }
        return (int) (((nextInt() & 0xFFFFFFFFL) * bound) >>> 32);
    }

    /** The next number in [0, 1). */
    public float nextFloat() {
        return Philox.toUnitFloat(nextInt());
    }

    /** The next number in [low, high). */
    public float nextFloat(float low, float high) {
        return low + (high - low) * nextFloat();
    }

    /**
     * The next number from the standard normal distribution, by the Box-Muller transform (G. E. P. Box and M. E.
     * Muller, 1958) with {@link StrictMath}, so that every machine gets the same value.
     */
    public float nextGaussian() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log((nextInt() >>> 8) * 0x1p-24 + 0x1p-25));
        return (float) (radius * StrictMath.cos(2 * StrictMath.PI * nextFloat()));
    }

    /** Shuffles {@code values} uniformly (Fisher and Yates; Durstenfeld 1964). */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }
}
