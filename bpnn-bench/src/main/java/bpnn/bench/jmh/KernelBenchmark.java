package bpnn.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Every fused kernel at the sizes of the training step. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = Jvm.VECTORS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class KernelBenchmark {
    /** Images in a step. */
    @Param({"32", "64", "128", "512"})
    public int batch;

    /** Which one. */
    @Param
    public FusedKernel kernel;

    private BackendState backend;
    private Operands operands;

    /** Fills the operands. */
    @Setup
    public void fill(BackendState state) {
        backend = state;
        operands = new Operands(state, batch);
    }

    /** One call, to its end. */
    @Benchmark
    public void call() {
        kernel.call(operands);
        backend.synchronize();
    }
}
