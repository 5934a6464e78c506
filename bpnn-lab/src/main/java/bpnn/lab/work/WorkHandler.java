package bpnn.lab.work;

import java.nio.file.Path;
import java.util.Optional;

/** Carries items out, one at a time, with what it holds open meanwhile: a backend, images. All in the thread that opened it. */
public interface WorkHandler extends AutoCloseable {
    /**
     * Carries an item out.
     *
     * @param folder for its files; what an earlier, interrupted attempt left there may be gone on with
     * @return empty if it was asked to stop
     */
    Optional<WorkOutcome> carryOut(WorkItem item, Path folder);

    /** Asks for an end soon; any thread may call it. */
    void requestStop();

    @Override
    void close();
}
