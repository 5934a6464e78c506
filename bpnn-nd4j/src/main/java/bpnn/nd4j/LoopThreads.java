package bpnn.nd4j;

import org.nd4j.linalg.factory.Nd4j;

/**
 * How many threads ND4J's loops are shared among. ND4J wakes its threads even for a handful of numbers, and waits for the
 * last to have run: on a busy machine that takes a thousand times as long as the numbers. So small loops are not shared.
 */
final class LoopThreads {
    /** Sums and products of fewer elements take less time than waking a thread. */
    static final int CHEAP = 1 << 17;
    /** The same for roots, exponential functions and the like. */
    static final int COSTLY = 1 << 12;

    private final int most;

    /** @param most for large loops */
    LoopThreads(int most) {
        this.most = most;
        Nd4j.getEnvironment().setMaxThreads(most);
        Nd4j.factory().blas().setMaxThreads(most);
    }

    int most() {
        return most;
    }

    /** The next loops have so many elements; {@code alone} is the number below which one thread does them. */
    void share(int elements, int alone) {
        int threads = elements < alone ? 1 : most;
        if (Nd4j.getEnvironment().maxMasterThreads() != threads) {
            Nd4j.getEnvironment().setMaxMasterThreads(threads);
        }
    }
}
