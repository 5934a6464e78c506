package bpnn.tck;

import bpnn.spi.ElementType;

/**
 * An operand of a call and its initial content.
 *
 * @param name as in the Javadoc of the kernel
 * @param role whether the kernel reads or writes it
 * @param values the elements; integers and bytes as floats, which represent them exactly here
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Operand(String name, Role role, ElementType type, int rows, int cols, float[] values) {
    /** The access of a kernel to an operand. */
    enum Role {
        INPUT,
        /** Overwritten; the old content must not matter. */
        OUTPUT,
        /** Read and written. */
        UPDATED
    }

    /** Number of elements. */
    int size() {
        return rows * cols;
    }

    Operand with(float[] other) {
        return new Operand(name, role, type, rows, cols, other);
    }

    /** An element as text, such as {@code C[0, 3]}. */
    String element(int index) {
        return name + "[" + index / cols + ", " + index % cols + "]";
    }

    @Override
    public String toString() {
        return name + " [" + rows + ", " + cols + "]";
    }
}
