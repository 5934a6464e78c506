package bpnn.bench.jmh;

import bpnn.spi.ElementType;
import bpnn.tensor.Tensor;
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

/** The products of the training step, without what is fused behind them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = Jvm.VECTORS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class ProductBenchmark {
    /** Images in a step. */
    @Param({"32", "64", "128", "512"})
    public int batch;

    /** Which one. */
    @Param
    public Product product;

    private BackendState backend;
    private Tensor left;
    private Tensor right;
    private Tensor result;

    /** Fills the operands. */
    @Setup
    public void fill(BackendState state) {
        backend = state;
        int in = product.inputs();
        int out = product.outputs();
        left = state.noise(batch, product.kind() == Product.Kind.INPUT_GRADIENT ? out : in);
        right = product.kind() == Product.Kind.WEIGHT_GRADIENT ? state.noise(batch, out) : state.noise(in, out);
        result = switch (product.kind()) {
            case FORWARD -> state.zeros(ElementType.FLOAT32, batch, out);
            case WEIGHT_GRADIENT -> state.zeros(ElementType.FLOAT32, in, out);
            case INPUT_GRADIENT -> state.zeros(ElementType.FLOAT32, batch, in);
        };
    }

    /** x W, xᵀ dy or dy Wᵀ. */
    @Benchmark
    public void multiply() {
        boolean transposeLeft = product.kind() == Product.Kind.WEIGHT_GRADIENT;
        boolean transposeRight = product.kind() == Product.Kind.INPUT_GRADIENT;
        backend.ops().gemm(1, left, transposeLeft, right, transposeRight, 0, result);
        backend.synchronize();
    }
}
