package bpnn.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import org.opentest4j.TestAbortedException;

/**
 * The CPU stand-in for CUDA, which runs the backend on a machine without a GPU: the parts of NVIDIA's libraries that
 * the backend calls, with kernels compiled by g++ from the same source. It is a test double, strict rather than fast,
 * and reports the device name "CUDA stand-in (CPU)".
 *
 * <p>Child processes are configured by the environment: {@code CUDA_STANDIN=lazy=1,memory=1000000,launch-fails=3}.
 */
final class StandIn {
    /** Set to {@code true} to require g++, so that no test is skipped. */
    private static final String REQUIRED = "bpnn.standin.required";

    /** Set to {@code true} to run all kernels under the sanitizer of the stand-in. */
    static final String SANITIZED = "bpnn.standin.sanitized";

    private static final int FIRST = 1_000_000;

    /** The counters of the stand-in, in the order of {@code device.h}. */
    enum Counter {
        LIVE_ALLOCATIONS,
        LIVE_KIBIBYTES,
        ALLOCATIONS,
        LIVE_PINNED,
        LIVE_STREAMS,
        LIVE_EVENTS,
        LIVE_GRAPHS,
        LIVE_MODULES,
        LAUNCHES,
        GRAPH_LAUNCHES,
        PRODUCTS,
        SYNCHRONISATIONS,
        LIVE_CUBLAS_HANDLES,
        /** What the sanitizer found, see {@link Finding}. */
        FINDING;

        /** The current value. */
        int value() {
            int[] value = new int[1];
            check(JCudaDriver.cuDeviceGetAttribute(value, FIRST + ordinal(), new CUdevice()));
            return value[0];
        }
    }

    /** What the sanitizer can find, in the order of {@code sanitizer.h}. */
    enum Finding {
        NOTHING,
        RACE_IN_BLOCK,
        RACE_OF_BLOCKS,
        COPY_IN_FLIGHT,
        NEVER_WRITTEN,
        OUT_OF_BOUNDS,
        MISALIGNED;

        /** The finding in this context, which ends at it. */
        static Finding now() {
            return values()[Counter.FINDING.value()];
        }
    }

    /** The settings of the stand-in, in the order of {@code device.h}. */
    enum Setting {
        /** 1: work is executed only when something waits for it, blocks and threads in descending order. */
        LAZY,
        /** Bytes of memory. */
        MEMORY,
        /** The n-th allocation from now fails. */
        ALLOCATION_FAILS,
        /** The n-th kernel from now fails. */
        LAUNCH_FAILS,
        /** From the n-th kernel on, every call fails. */
        DEVICE_IS_LOST,
        /** The next synchronisation returns this error. */
        SYNCHRONISATION_FAILS,
        DEVICES,
        DRIVER_VERSION,
        MULTIPROCESSORS;

        void set(long value) {
            check(JCudaDriver.cuCtxSetLimit(FIRST + ordinal(), value));
        }
    }

    private StandIn() {}

    /**
     * The folder with the libraries, built on demand.
     *
     * @throws TestAbortedException if there is no g++: the test is then skipped
     */
    static Path folder() {
        if (!StandInBuild.isPossible()) {
            String notice =
                    "g++ and nm are not installed, so the CUDA backend is not tested on its stand-in; install the"
                            + " packages g++ and binutils.";
            if (Boolean.getBoolean(REQUIRED)) {
                throw new IllegalStateException(notice);
            }
            System.err.println(notice);
            throw new TestAbortedException(notice);
        }
        try {
            Path module = Path.of("..", "bpnn-cuda");
            boolean sanitized = Boolean.getBoolean(SANITIZED);
            Path target = module.resolve(sanitized ? "target/standin/sanitized" : "target/standin");
            return StandInBuild.build(module.resolve("src/test/standin"), target, sanitized);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with the toolkit's libraries of major version 13. */
    static Path cuda13Folder() {
        return folder().resolve("cuda13");
    }

    private static void check(int result) {
        if (result != 0) {
            throw new IllegalStateException("The stand-in answers " + result + ".");
        }
    }
}
