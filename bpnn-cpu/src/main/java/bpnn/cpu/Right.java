package bpnn.cpu;

/**
 * The right operand of a product: its rows, one for each depth, at distance {@code stride}; or, {@code inStrips}, cut
 * into packed strips of {@code stride} columns that follow each other, the last one padded with anything.
 */
record Right(float[] values, int start, int stride, boolean inStrips) {}
