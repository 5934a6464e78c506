package bpnn.cpu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A scalar micro-kernel that pretends to have short vectors and records its calls. */
final class RecordingMicroKernel implements MicroKernel {
    /** One call of the micro-kernel. */
    record Call(MicroKernel thread, OperandA a, int row0, int row1, int columns, float[] b, float[] c) {
        int rows() {
            return row1 - row0;
        }
    }

    private final List<Call> calls;
    private final ScalarMicroKernel microKernel = new ScalarMicroKernel();

    RecordingMicroKernel() {
        this(Collections.synchronizedList(new ArrayList<>()));
    }

    private RecordingMicroKernel(List<Call> calls) {
        this.calls = calls;
    }

    /** A micro-kernel for forThread thread. */
    RecordingMicroKernel forThread() {
        return new RecordingMicroKernel(calls);
    }

    /** The calls of all threads, those of each thread in order. */
    List<Call> calls() {
        return calls;
    }

    @Override
    public int mr() {
        return 3;
    }

    @Override
    public int lanes() {
        return 4;
    }

    @Override
    public int nr() {
        return 8;
    }

    @Override
    public void add(
            OperandA a,
            int row0,
            int row1,
            int k0,
            int k1,
            int columns,
            Panel b,
            float[] c,
            int cStart,
            int cStride,
            boolean resume) {
        calls.add(new Call(this, a, row0, row1, columns, b.values(), c));
        microKernel.add(a, row0, row1, k0, k1, columns, b, c, cStart, cStride, resume);
    }
}
