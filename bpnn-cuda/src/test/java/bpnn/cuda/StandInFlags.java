package bpnn.cuda;

import java.nio.file.Path;
import java.util.List;

/** For tests of other modules: how a JVM is started that computes on the CPU stand-in for CUDA. */
public final class StandInFlags {
    private StandInFlags() {}

    /**
     * The JVM's flags; the environment's {@code CUDA_STANDIN} says what is to fail.
     *
     * @throws org.opentest4j.TestAbortedException if there is no g++: the test is then skipped
     */
    public static List<String> flags() {
        Path folder = StandIn.folder();
        return List.of("-D" + Settings.LIBRARIES + "=" + folder, "-D" + Settings.CACHE + "=" + OnStandIn.cache(folder));
    }
}
