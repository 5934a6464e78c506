package bpnn.cpu;

/** Scales and shifts gathered inputs, in plain Java. */
class ScaleShift {
    /** y_j = fma(the unsigned byte x_j, scale, shift). */
    void convert(byte[] x, int xStart, float scale, float shift, float[] y, int yStart, int count) {
        for (int j = 0; j < count; j++) {
            y[yStart + j] = Math.fma(x[xStart + j] & 0xFF, scale, shift);
        }
    }

    /** y_j = fma(x_j, scale, shift). */
    void convert(float[] x, int xStart, float scale, float shift, float[] y, int yStart, int count) {
        for (int j = 0; j < count; j++) {
            y[yStart + j] = Math.fma(x[xStart + j], scale, shift);
        }
    }
}
