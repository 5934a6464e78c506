package bpnn.spi;

import java.util.Map;

/**
 * An open device: memory and kernels. One thread at a time uses it.
 */
public interface Backend extends AutoCloseable {
    /** The id of its provider. */
    String id();

    /** The device in words. */
    String device();

    /** The arithmetic it was opened with. */
    Numerics numerics();

    /** Library versions, threads, vector width: what {@code run.json} records, in the order to be shown. */
    Map<String, String> facts();

    /**
     * Memory for {@code length} elements, zeroed.
     *
     * @throws BackendException if there is not enough of it
     */
    Buffer allocate(ElementType type, int length);

    /**
     * How many elements to leave free in front of a matrix that gets a buffer of its own, so that it begins where the
     * hardware reads and writes fastest. Only a matter of speed.
     */
    default int lead(ElementType type) {
        return 0;
    }

    /** Its arithmetic. */
    Kernels kernels();

    /** Waits until every kernel called so far has finished. */
    default void synchronize() {}

    /** Buffers that were allocated and are not closed. */
    int liveBuffers();

    /**
     * Turns a training step into something that can be run again and again, many times in one call. The step calls kernels
     * on the same matrices each time and neither transfers nor allocates; what changes from step to step lies in backend
     * memory (the clock, the order, the schedule). A backend may record a graph or a fused plan here, or launch many steps
     * at once; the default runs the step as it is.
     */
    default Step record(Runnable step) {
        return Step.eager(step);
    }

    /** Gives everything back; a second call does nothing. */
    @Override
    void close();
}
