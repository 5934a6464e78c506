package bpnn.spi;

/** The element type of a buffer. */
public enum ElementType {
    /** IEEE 754 binary32: all floating-point data. */
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
