package bpnn.spi;

/** What a buffer holds. */
public enum ElementType {
    /** IEEE 754 binary32: everything that is computed with. */
    FLOAT32(4),
    /** 32-bit integers: the order of a shuffled epoch, step counters. */
    INT32(4),
    /** Unsigned bytes: pixels, one-hot labels. */
    UINT8(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
