package bpnn.tck;

import bpnn.spi.ElementType;

/**
 * A matrix of a call, and its content before it.
 *
 * @param name as in the kernel's Javadoc
 * @param role whether the kernel reads or writes it
 * @param values one per element; integers and bytes as floats, which hold them exactly here
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Operand(String name, Role role, ElementType type, int rows, int cols, float[] values) {
    /** What a kernel does with an operand. */
    enum Role {
        INPUT,
        /** Overwritten; what it held before must not matter. */
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

    /** Where an element stands, in words. */
    String element(int index) {
        return name + "[" + index / cols + ", " + index % cols + "]";
    }

    @Override
    public String toString() {
        return name + " [" + rows + ", " + cols + "]";
    }
}
