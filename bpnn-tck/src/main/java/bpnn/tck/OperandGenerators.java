package bpnn.tck;

/**
 * Creates the operand generators of a run.
 *
 * @param seed the seed of the run
 */
record OperandGenerators(long seed) {
    /** The generator for a call; see {@link OperandGenerator}. */
    OperandGenerator of(String subject, int call) {
        return new OperandGenerator(seed, subject, call);
    }
}
