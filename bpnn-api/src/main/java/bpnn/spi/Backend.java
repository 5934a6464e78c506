package bpnn.spi;

import java.util.Map;

/**
 * An open device: memory and kernels. Not thread-safe.
 */
public interface Backend extends AutoCloseable {
    /** The id of its provider. */
    String id();

    /** The device in words. */
    String device();

    /** The numerics it was opened with. */
    Numerics numerics();

    /** Library versions, threads, vector width: what {@code run.json} records, in display order. */
    Map<String, String> facts();

    /**
     * Memory for {@code length} elements, zeroed.
     *
     * @throws BackendException if there is not enough memory
     */
    Buffer allocate(ElementType type, int length);

    /**
     * Alignment padding, in elements, before a matrix that has its own buffer, so that it starts at an aligned address.
     * Affects speed only.
     */
    default int alignmentPadding(ElementType type) {
        return 0;
    }

    /** Its kernels. */
    Kernels kernels();

    /** Waits until every kernel called so far has finished. */
    default void synchronize() {}

    /** Number of buffers that are allocated and not closed. */
    int liveBuffers();

    /**
     * Prepares a training step for repeated execution. The step calls the same kernels on the same matrices each time
     * and neither transfers nor allocates; what changes between steps is in backend memory (clock, order, learning
     * rates). A backend may capture a graph, fuse kernels, or launch many steps at once; the default runs the step
     * eagerly. In exact mode the results have the bits of the kernels called one by one.
     */
    default Step record(Runnable step) {
        return Step.eager(step);
    }

    /** Frees all resources; idempotent. */
    @Override
    void close();
}
