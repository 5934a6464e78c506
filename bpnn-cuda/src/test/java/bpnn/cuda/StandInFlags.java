package bpnn.cuda;

import java.nio.file.Path;
import java.util.List;

/** JVM flags for tests of other modules that run on the CPU stand-in for CUDA. */
public final class StandInFlags {
    private StandInFlags() {}

    /**
     * The JVM's flags; the environment's {@code CUDA_STANDIN} says what is to fail.
     *
     * @throws org.opentest4j.TestAbortedException if there is no g++: the test is then skipped
     */
    public static List<String> flags() {
        Path folder = StandIn.folder();
        return List.of(
                "-D" + Settings.LIBRARIES + "=" + folder, "-D" + Settings.CACHE + "=" + StandInFixture.cache(folder));
    }
}
