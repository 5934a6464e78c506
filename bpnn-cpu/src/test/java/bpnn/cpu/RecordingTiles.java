package bpnn.cpu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Scalar kernels in the guise of short vectors, which write down what they and their copies are called with. */
final class RecordingTiles implements Tiles {
    /** What a thread was asked to add up. */
    record Call(Tiles thread, Left left, int row0, int row1, int columns, float[] right, float[] c) {
        int rows() {
            return row1 - row0;
        }
    }

    private final boolean needsRows;
    private final List<Call> calls;
    private final ScalarTiles tiles = new ScalarTiles();

    RecordingTiles(boolean needsRows) {
        this(needsRows, Collections.synchronizedList(new ArrayList<>()));
    }

    private RecordingTiles(boolean needsRows, List<Call> calls) {
        this.needsRows = needsRows;
        this.calls = calls;
    }

    /** Kernels for a further thread. */
    RecordingTiles another() {
        return new RecordingTiles(needsRows, calls);
    }

    /** The calls of all threads, those of each in their order. */
    List<Call> calls() {
        return calls;
    }

    @Override
    public int rows() {
        return 3;
    }

    @Override
    public int columns() {
        return 4;
    }

    @Override
    public int stripColumns() {
        return 8;
    }

    @Override
    public boolean needsRows() {
        return needsRows;
    }

    @Override
    public void add(
            Left a,
            int row0,
            int row1,
            int depth0,
            int depth1,
            int columns,
            Strip b,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        calls.add(new Call(this, a, row0, row1, columns, b.values(), c));
        tiles.add(a, row0, row1, depth0, depth1, columns, b, c, cStart, cStride, resume);
    }
}
