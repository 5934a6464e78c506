package bpnn.lab.work;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Has items carried out, several at once if it can. */
public interface WorkEngine extends AutoCloseable {
    /**
     * Has all items carried out.
     *
     * @param folder of the items' folders; null where only the outcomes matter
     * @param finished is told of each item that has come to its end, when its folder is whole; one call at a time
     * @return whether all have come to their ends, rather than been asked to stop
     */
    boolean run(@Nullable Path folder, List<WorkItem> items, Consumer<WorkResult> finished);

    /** Asks {@link #run} to end soon; any thread may call it. */
    void requestStop();

    @Override
    void close();
}
