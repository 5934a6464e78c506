package bpnn.cpu;

/**
 * Arrays whose payload starts at a cache line, so that no vector load crosses one. Guaranteed where objects are aligned
 * to cache lines ({@code -XX:ObjectAlignmentInBytes=64}); elsewhere only speed suffers.
 */
final class AlignedArrays {
    /** Alignment padding, in floats: together with the 16-byte array header it fills one cache line. */
    static final int PADDING = 12;

    private AlignedArrays() {}

    /** {@code array} if it holds {@code length} elements after the padding, else a new array that does. */
    static float[] atLeast(int length, float[] array) {
        return array.length >= PADDING + length ? array : new float[PADDING + length];
    }
}
