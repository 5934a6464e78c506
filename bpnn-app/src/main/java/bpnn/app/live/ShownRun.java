package bpnn.app.live;

import bpnn.data.Dataset;
import java.util.concurrent.CompletableFuture;

/** A run that a page shows. */
public interface ShownRun extends AutoCloseable {
    /** What is to be seen of it. */
    RunView view();

    /** What its network makes of an image; the answer comes when there is time for it, or is cancelled. */
    CompletableFuture<float[]> read(Dataset image);

    @Override
    void close();
}
