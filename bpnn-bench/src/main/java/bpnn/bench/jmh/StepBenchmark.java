package bpnn.bench.jmh;

import bpnn.bench.OwnTraining;
import bpnn.bench.Training;
import bpnn.bench.Variant;
import bpnn.bench.Workload;
import bpnn.spi.Distortion;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Whole training steps, from the gathered batch to Adam; the time is that of an image. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = Jvm.VECTORS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class StepBenchmark {
    /** Images of an invocation: a number of whole steps. */
    static final int IMAGES = 8192;

    /** The backend's id. */
    @Param("cpu")
    public String backend;

    /** Threads to compute with; 0 for all. */
    @Param("0")
    public int threads;

    /** The network. */
    @Param
    public Variant variant;

    /** Images in a step. */
    @Param({"32", "64", "128", "512"})
    public int batch;

    /** How images are distorted: none or elastic. */
    @Param("none")
    public String distortion;

    private Training training;

    /** Draws images and weights. */
    @Setup
    public void begin() {
        Distortion distorted = distortion.equals("none") ? Distortion.NONE : Operands.ELASTIC;
        training =
                new OwnTraining(backend, new Workload(variant, batch, threads, IMAGES, Workload.SYNTHETIC), distorted);
    }

    /** An epoch of 8,192 images. */
    @Benchmark
    @OperationsPerInvocation(IMAGES)
    public double step() {
        return training.epoch();
    }

    /** Ends the training. */
    @TearDown
    public void end() {
        training.close();
    }
}
