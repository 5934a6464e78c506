package bpnn.cpu;

/**
 * A panel of B: element (k, j) at {@code start + k * stride + j}. Mutable and reused, because a training step visits
 * hundreds of panels.
 */
final class Panel {
    private float[] values = {};
    private int start;
    private int stride;

    /** Points it at another panel. */
    void set(float[] newValues, int newStart, int newStride) {
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
