package bpnn.cpu;

/**
 * Some columns of a product's right operand: depth {@code k}, column {@code j} at {@code start + k stride + j}. Each thread
 * has one that goes from strip to strip, since a training step needs hundreds.
 */
final class Strip {
    private float[] values = {};
    private int start;
    private int stride;

    /** Moves it to other columns. */
    void move(float[] newValues, int newStart, int newStride) {
        values = newValues;
        start = newStart;
        stride = newStride;
    }

    float[] values() {
        return values;
    }

    int start() {
        return start;
    }

    int stride() {
        return stride;
    }
}
