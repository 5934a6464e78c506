package bpnn.bench.jmh;

import bpnn.bench.Backends;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Backend;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A backend, open, with memory. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class BackendState {
    /** Its id: cpu, or that of any other provider on the class path. */
    @Param("cpu")
    public String backend;

    /** Threads to compute with; 0 for all. */
    @Param("0")
    public int threads;

    private Backend open;
    private TensorScope scope;
    private Ops ops;

    /** Opens it. */
    @Setup(Level.Trial)
    public void open() {
        open = Backends.open(backend, threads);
        scope = new TensorScope(open);
        ops = new Ops(open);
    }

    /** Its kernels. */
    Ops ops() {
        return ops;
    }

    /** A matrix of numbers between -1 and 1. */
    Tensor noise(int rows, int cols) {
        RandomStream random = new RandomStream(1, Purpose.SYNTHETIC_DATA, 0, 0);
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt() * 0x1p-31f;
        }
        return scope.of(rows, cols, values);
    }

    /** A matrix of zeros. */
    Tensor zeros(ElementType type, int rows, int cols) {
        return scope.zeros(type, rows, cols);
    }

    /** Waits for what was begun, so that a device's queue does not pass for speed. */
    void synchronize() {
        open.synchronize();
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
        scope.close();
        open.close();
    }
}
