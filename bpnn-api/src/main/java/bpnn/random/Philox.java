package bpnn.random;

/**
 * The counter-based generator Philox4x32-10: a keyed function from a 128-bit counter to four 32-bit words.
 *
 * <p>It is the only source of randomness in this project. It is stateless: a random word depends only on its
 * coordinates, so a backend can compute any part of a mask in any order and gets the same bits.
 *
 * <p>The coordinates form {@code key = seed} (low word first) and {@code counter = (purpose, step, stream, index / 4)};
 * word {@code index % 4} of the block belongs to {@code index}.
 *
 * <p>Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC
 * 2011, section 3.3 (philox4x32, ten rounds).
 */
public final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final long LOW_32 = 0xFFFFFFFFL;

    private Philox() {}

    /**
     * Writes the four words of one block.
     *
     * @param key0 low half of the key
     * @param key1 high half of the key
     * @param out receives the four words at {@code offset .. offset + 3}
     */
    public static void block(int key0, int key1, int c0, int c1, int c2, int c3, int[] out, int offset) {
        int k0 = key0;
        int k1 = key1;
        int x0 = c0;
        int x1 = c1;
        int x2 = c2;
        int x3 = c3;
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (x0 & LOW_32);
            long product1 = MULTIPLIER_1 * (x2 & LOW_32);
            x0 = (int) (product1 >>> 32) ^ x1 ^ k0;
            x1 = (int) product1;
            x2 = (int) (product0 >>> 32) ^ x3 ^ k1;
            x3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        out[offset] = x0;
        out[offset + 1] = x1;
        out[offset + 2] = x2;
        out[offset + 3] = x3;
    }

    /**
     * Fills {@code out[from .. to)} with the words of indices {@code firstIndex ..}, one word each.
     *
     * @param seed the key
     * @param purpose what the numbers are for; see {@link Purpose}
     * @param step training step, epoch or image number
     * @param stream layer number, or another independent stream within the step
     * @param firstIndex index of the word that goes to {@code out[from]}; not negative
     */
    public static void fill(
            long seed, Purpose purpose, int step, int stream, long firstIndex, int[] out, int from, int to) {
        int[] block = new int[4];
        long current = -1;
        for (int i = from; i < to; i++) {
            long index = firstIndex + (i - from);
            if (index >>> 2 != current) {
                current = index >>> 2;
                block((int) seed, (int) (seed >>> 32), purpose.code(), step, stream, (int) current, block, 0);
            }
            out[i] = block[(int) (index & 3)];
        }
    }

    /** Converts a word to a float in [0, 1) from its upper 24 bits, exactly. */
    public static float toUnitFloat(int word) {
        return (word >>> 8) * 0x1p-24f;
    }
}
