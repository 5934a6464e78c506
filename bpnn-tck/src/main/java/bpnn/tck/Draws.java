package bpnn.tck;

/**
 * Where the content of all operands comes from.
 *
 * @param seed the key of everything that a run of the kit draws
 */
record Draws(long seed) {
    /** The numbers of a call; see {@link Draw}. */
    Draw of(String subject, int call) {
        return new Draw(seed, subject, call);
    }
}
