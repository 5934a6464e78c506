package bpnn.cpu;

import static bpnn.cpu.AgainstReference.integers;
import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Activation;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Working memory is reused: a repeated call allocates no array. In scalar code, because uncompiled vectors are boxed.
 *
 */
class ScratchTest {
    private static final int ROWS = 4;
    private static final int COLUMNS = 8192;
    /** Allowance for lambdas and records; any row-sized array is larger. */
    private static final long SMALL = 4096;

    private static long allocated(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        call.run();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    private static void check(String what, Consumer<Kernels> call) {
        try (CpuBackend backend = new CpuBackend(Numerics.EXACT, 1, Arithmetic.scalar(), null)) {
            call.accept(backend.kernels());
            assertThat(allocated(() -> call.accept(backend.kernels()))).as(what).isLessThan(SMALL);
        }
    }

    @Test
    void products() {
        Matrix wide = GuardedMatrix.zeros(2, COLUMNS);
        Matrix tall = GuardedMatrix.zeros(COLUMNS, 2);
        Matrix left = GuardedMatrix.zeros(ROWS, 2);
        Matrix y = GuardedMatrix.zeros(ROWS, COLUMNS);
        check("A B", k -> k.gemm(1, left, false, wide, false, 0, y));
        check("A B + C", k -> k.gemm(1, left, false, wide, false, 1, y));
        check("A Bt, B transposed", k -> k.gemm(1, left, false, tall, true, 0, y));
        check("A Bt, C transposed", k -> k.gemm(1, wide, false, y, true, 0, GuardedMatrix.zeros(2, ROWS)));
        Matrix deep = GuardedMatrix.zeros(512, 300);
        Matrix many = GuardedMatrix.zeros(256, 512);
        Matrix c = GuardedMatrix.zeros(256, 300);
        check("packed panels", k -> k.gemm(1, many, false, deep, false, 0, c));
    }

    @Test
    void otherKernels() {
        Matrix x = GuardedMatrix.uniform(ROWS, COLUMNS, 1);
        Matrix dx = GuardedMatrix.zeros(ROWS, COLUMNS);
        Matrix[] row = new Matrix[6];
        for (int i = 0; i < row.length; i++) {
            row[i] = GuardedMatrix.positive(1, COLUMNS, i);
        }
        Matrix tall = GuardedMatrix.uniform(COLUMNS, 1, 1);
        check("softmaxCrossEntropy", k -> k.softmaxCrossEntropy(x, x, GuardedMatrix.zeros(ROWS, 1), dx));
        Matrix losses = GuardedMatrix.zeros(COLUMNS, 1);
        check("softmaxCrossEntropy of many rows", k -> k.softmaxCrossEntropy(tall, tall, losses, null));
        check("activationBackward", k -> k.activationBackward(Activation.TANH, x, x, dx));
        check("batchNormBackward", k -> k.batchNormBackward(x, row[0], row[1], row[2], x, row[3], row[4], dx));
        Matrix images = KernelsTest.bytes(ROWS, COLUMNS);
        check("gatherRows", k -> k.gatherRows(images, null, integers(0), 1, 0, dx));
    }
}
