package bpnn.tck;

/**
 * The placement of operands in their buffers.
 *
 * @param before number of elements before each operand
 * @param after number of elements after each operand, so that overruns hit memory that can be checked
 * @param aroundInputs the value around operands that are only read
 */
record Placement(int before, int after, float aroundInputs) {
    /** The value around operands that are written, and, as an integer, around counters. */
    static final float SENTINEL = 9_876_543f;

    /** At the start of the buffer, like most tensors. */
    static final Placement PLAIN = new Placement(0, 64, SENTINEL);

    /**
     * In the middle, at an odd offset. With NaN around inputs, an out-of-bounds read shows in the result. The widest
     * vector has 16 lanes, the widest tile a few vectors.
     */
    static final Placement GUARDED = new Placement(67, 131, Float.NaN);
}
