package bpnn.tck;

/**
 * How operands lie in their buffers.
 *
 * @param before elements in front of each
 * @param after elements behind each, so that an overrun meets memory that can be looked at
 * @param aroundInputs what stands around the operands that are only read
 */
record Placement(int before, int after, float aroundInputs) {
    /** What stands around operands that are written, and as an integer around counters. */
    static final float SENTINEL = 9_876_543f;

    /** At the start of the buffer, as most tensors lie. */
    static final Placement PLAIN = new Placement(0, 64, SENTINEL);

    /**
     * In the middle, at an odd place. NaN around inputs: what is read beyond them and used shows in the result. The widest
     * vector has 16 lanes, the widest tile a few of them.
     */
    static final Placement GUARDED = new Placement(67, 131, Float.NaN);
}
