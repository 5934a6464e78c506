package bpnn.nd4j;

import org.nd4j.linalg.factory.Nd4j;

/**
 * The number of threads of ND4J's loops. ND4J wakes its threads even for a few elements and waits for all of them,
 * which on a busy machine takes a thousand times as long as the computation. So small loops run on one thread.
 */
final class LoopThreads {
    /** Minimum number of elements per parallel loop of additions and multiplications. */
    static final int CHEAP = 1 << 17;
    /** The same for roots, exponentials and similar functions. */
    static final int COSTLY = 1 << 12;

    private final int maxThreads;

    /** @param maxThreads number of threads for large loops */
    LoopThreads(int maxThreads) {
        this.maxThreads = maxThreads;
        Nd4j.getEnvironment().setMaxThreads(maxThreads);
        Nd4j.factory().blas().setMaxThreads(maxThreads);
    }

    int maxThreads() {
        return maxThreads;
    }

    /** Sets the number of threads for the next loops of {@code elements} elements: one below {@code grain} elements. */
    void share(int elements, int grain) {
        int threads = elements < grain ? 1 : maxThreads;
        if (Nd4j.getEnvironment().maxMasterThreads() != threads) {
            Nd4j.getEnvironment().setMaxMasterThreads(threads);
        }
    }
}
