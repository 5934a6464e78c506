package bpnn.cpu;

/**
 * A matrix within an array, row by row without gaps.
 *
 * @param values the array
 * @param offset index of the element in row 0, column 0
 */
record Matrix(float[] values, int offset, int rows, int columns) {}
