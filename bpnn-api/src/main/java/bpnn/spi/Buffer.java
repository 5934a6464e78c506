package bpnn.spi;

/**
 * A block of backend memory, zeroed when allocated. Transfers are ordered with the kernels: a download sees what
 * earlier kernels have written. The {@code float[]} transfers are for {@link ElementType#FLOAT32} buffers, the {@code
 * int[]} ones for {@link ElementType#INT32}, the {@code byte[]} ones for {@link ElementType#UINT8}; the caller
 * guarantees type and bounds.
 */
public interface Buffer extends AutoCloseable {
    ElementType type();

    /** Number of elements. */
    int length();

    /** Copies {@code source[from .. from + count)} to elements {@code offset ..}. */
    void upload(int offset, float[] source, int from, int count);

    /** Copies {@code source[from .. from + count)} to elements {@code offset ..}. */
    void upload(int offset, int[] source, int from, int count);

    /** Copies {@code source[from .. from + count)} to elements {@code offset ..}. */
    void upload(int offset, byte[] source, int from, int count);

    /** Copies elements {@code offset .. offset + count - 1} to {@code target[from ..]}. */
    void download(int offset, float[] target, int from, int count);

    /** Copies elements {@code offset .. offset + count - 1} to {@code target[from ..]}. */
    void download(int offset, int[] target, int from, int count);

    /** Copies elements {@code offset .. offset + count - 1} to {@code target[from ..]}. */
    void download(int offset, byte[] target, int from, int count);

    boolean isClosed();

    /** Frees the memory; idempotent. */
    @Override
    void close();
}
