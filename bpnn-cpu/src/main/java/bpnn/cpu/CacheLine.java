package bpnn.cpu;

/**
 * Arrays in which matrices begin with a cache line, so that no vector is split between two. That holds where objects begin
 * with one, {@code -XX:ObjectAlignmentInBytes=64}; elsewhere it is a matter of luck, and of speed alone.
 */
final class CacheLine {
    /** Index of the first float of an array that begins a cache line: 16 bytes of the object come before the elements. */
    static final int LEAD = 12;

    private CacheLine() {}

    /** The same array if it has {@code length} elements from {@link #LEAD} on, or else a new one that has. */
    static float[] atLeast(int length, float[] array) {
        return array.length >= LEAD + length ? array : new float[LEAD + length];
    }
}
