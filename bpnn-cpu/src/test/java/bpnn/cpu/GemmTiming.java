package bpnn.cpu;

import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Matrix;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Measures the products of the training step, with the processor's fma peak in the same run.
 *
 * <p>Arguments: number of threads, milliseconds per product, rounds.
 */
final class GemmTiming {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final int PEAK_LOOPS = 20_000;

    private final WorkerPool pool;
    private final Gemm gemm;
    private final long nanos;
    private volatile float sink;

    private GemmTiming(WorkerPool pool, Supplier<Tiles> tiles, long nanos) {
        this.pool = pool;
        this.gemm = new Gemm(pool, tiles);
        this.nanos = nanos;
    }

    public static void main(String[] arguments) {
        int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2;
        long millis = arguments.length > 1 ? Long.parseLong(arguments[1]) : 500;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2;
        Supplier<Tiles> tiles = Width.requested() == Width.SCALAR ? ScalarTiles::new : VectorTiles::new;
        try (WorkerPool pool = new WorkerPool(threads)) {
            GemmTiming timing = new GemmTiming(pool, tiles, millis * 1_000_000);
            System.out.printf(
                    "%s, %s, %s, %d threads%n",
                    System.getProperty("java.vm.version"), Width.requested(), FLOATS, threads);
            for (int round = 0; round < rounds; round++) {
                timing.measureAll();
            }
        }
    }

    private void measureAll() {
        measure("x W      128x784   784x512 ", 128, 512, 784, false, false);
        measure("h W      128x512   512x512 ", 128, 512, 512, false, false);
        measure("h W      128x512   512x10  ", 128, 10, 512, false, false);
        measure("xt dy    128x784t  128x512 ", 784, 512, 128, true, false);
        measure("ht dy    128x512t  128x512 ", 512, 512, 128, true, false);
        measure("ht dy    128x512t  128x10  ", 512, 10, 128, true, false);
        measure("dy Wt    128x512   512x512t", 128, 512, 512, false, true);
        measure("dy Wt    128x10    512x10t ", 128, 512, 10, false, true);
        measure("x Wt     128x784   512x784t", 128, 512, 784, false, true);
        measure("square  1024x1024 1024x1024", 1024, 1024, 1024, false, false);
    }

    private void measure(String name, int m, int n, int k, boolean transA, boolean transB) {
        Matrix a = transA ? filled(k, m) : filled(m, k);
        Matrix b = transB ? filled(n, k) : filled(k, n);
        Matrix c = filled(m, n);
        double flops = 2.0 * m * n * k;
        double peakFlops = PEAK_LOOPS * 32.0 * FLOATS.length() * pool.threads();
        Samples peak = new Samples();
        Samples product = new Samples();
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            peak.add(1, this::peak);
            product.add(20, () -> gemm.multiply(1, a, transA, b, transB, 0, c, Epilogue.NONE));
        }
        System.out.printf(
                Locale.ROOT,
                "%s  best %6.1f (%6.1f us), median %6.1f GFLOP/s; peak %6.1f: %5.1f %%%n",
                name,
                flops / product.best(),
                product.best() / 1e3,
                flops / product.median(),
                peakFlops / peak.best(),
                100 * flops / product.best() / (peakFlops / peak.best()));
    }

    /** Times of single runs, in nanoseconds. */
    private static final class Samples {
        private final double[] nanos = new double[1 << 18];
        private int size;

        void add(int runs, Runnable work) {
            for (int i = 0; i < runs && size < nanos.length; i++) {
                long start = System.nanoTime();
                work.run();
                nanos[size++] = System.nanoTime() - start;
            }
        }

        double best() {
            return Arrays.stream(nanos, 0, size).min().orElseThrow();
        }

        double median() {
            return Arrays.stream(nanos, 0, size).sorted().toArray()[size / 2];
        }
    }

    private static Matrix filled(int rows, int columns) {
        Buffer buffer = new HeapBuffer(ElementType.FLOAT32, rows * columns, new AtomicInteger());
        Matrix matrix = new Matrix(buffer, 0, rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            HeapBuffer.floats(matrix)[i] = (float) Math.sin(i);
        }
        return matrix;
    }

    private void peak() {
        pool.run(pool.threads(), part -> sink = chains(PEAK_LOOPS));
    }

    /** Sixteen independent chains of fma. */
    private static float chains(int loops) {
        FloatVector x = FloatVector.broadcast(FLOATS, 0.999f);
        FloatVector s0 = x;
        FloatVector s1 = x;
        FloatVector s2 = x;
        FloatVector s3 = x;
        FloatVector s4 = x;
        FloatVector s5 = x;
        FloatVector s6 = x;
        FloatVector s7 = x;
        FloatVector s8 = x;
        FloatVector s9 = x;
        FloatVector sa = x;
        FloatVector sb = x;
        FloatVector sc = x;
        FloatVector sd = x;
        FloatVector se = x;
        FloatVector sf = x;
        for (int i = 0; i < loops; i++) {
            s0 = s0.fma(x, x);
            s1 = s1.fma(x, x);
            s2 = s2.fma(x, x);
            s3 = s3.fma(x, x);
            s4 = s4.fma(x, x);
            s5 = s5.fma(x, x);
            s6 = s6.fma(x, x);
            s7 = s7.fma(x, x);
            s8 = s8.fma(x, x);
            s9 = s9.fma(x, x);
            sa = sa.fma(x, x);
            sb = sb.fma(x, x);
            sc = sc.fma(x, x);
            sd = sd.fma(x, x);
            se = se.fma(x, x);
            sf = sf.fma(x, x);
        }
        FloatVector left = s0.add(s1).add(s2).add(s3).add(s4).add(s5).add(s6).add(s7);
        FloatVector right = s8.add(s9).add(sa).add(sb).add(sc).add(sd).add(se).add(sf);
        return left.add(right).lane(0);
    }
}
