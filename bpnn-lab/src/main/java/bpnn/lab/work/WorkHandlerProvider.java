package bpnn.lab.work;

import java.util.OptionalInt;
import java.util.function.Function;

/** Makes handlers on the workers of a cluster; found through {@link java.util.ServiceLoader}. */
public interface WorkHandlerProvider {
    /** What kind of items its handlers carry out. */
    String id();

    /**
     * Prepares what all handlers of a process share.
     *
     * @param settings what all items of a job have in common
     * @return opens a handler for each item that is carried out at the same time, on the GPU with a number, counted from 0,
     *     where the cluster assigns them
     * @throws bpnn.data.DataException if this machine has not the data that it needs
     * @throws bpnn.spi.BackendException if it has not the backend
     */
    Function<OptionalInt, WorkHandler> prepare(String settings, WorkSite site);
}
