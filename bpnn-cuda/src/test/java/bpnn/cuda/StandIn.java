package bpnn.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import org.opentest4j.TestAbortedException;

/**
 * The CPU stand-in for CUDA, through which the backend runs on a machine without a GPU: NVIDIA's libraries as far as the
 * backend calls them, with kernels compiled by g++ from the same source. It is a double for tests, made to be strict, not
 * fast, and calls itself "CUDA stand-in (CPU)".
 *
 * <p>A process of its own is told by the environment: {@code CUDA_STANDIN=lazy=1,memory=1000000,launch-fails=3}.
 */
final class StandIn {
    /** Set to {@code true} where g++ must be there, so that no test is skipped. */
    private static final String REQUIRED = "bpnn.standin.required";

    private static final int FIRST = 1_000_000;

    /** What the stand-in counts; in the order of {@code device.h}. */
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
        LIVE_CUBLAS_HANDLES;

        /** Its value now. */
        int value() {
            int[] value = new int[1];
            check(JCudaDriver.cuDeviceGetAttribute(value, FIRST + ordinal(), new CUdevice()));
            return value[0];
        }
    }

    /** What a test can ask for; in the order of {@code device.h}. */
    enum Setting {
        /** 1: work is done only when something waits for it, blocks and threads in falling order. */
        LAZY,
        /** Bytes of memory. */
        MEMORY,
        /** The n-th allocation from now finds no memory. */
        ALLOCATION_FAILS,
        /** The n-th kernel from now fails. */
        LAUNCH_FAILS,
        /** From the n-th kernel from now on nothing works. */
        DEVICE_IS_LOST,
        /** The next wait gives this error. */
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
     * The folder with the libraries; they are built when need be.
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
            return StandInBuild.build(module.resolve("src/test/standin"), module.resolve("target/standin"));
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
