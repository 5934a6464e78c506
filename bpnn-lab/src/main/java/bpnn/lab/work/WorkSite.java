package bpnn.lab.work;

import java.nio.file.Path;
import java.util.Optional;

/** What a worker of a cluster finds where it works. */
public interface WorkSite {
    /** Bytes that were sent along, by the name that they were given. */
    Optional<byte[]> data(String name);

    /** The folder with the plug-ins that were sent along. */
    Path plugins();

    /** Threads that an item may use. */
    int threads();
}
