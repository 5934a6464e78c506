package bpnn.fuzz;

import bpnn.app.config.ConfigFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.Set;

/** Configuration files. */
class ConfigFuzzTest {
    private static final Set<String> KNOWN = Set.of("a", "batch-size", "hidden");

    @FuzzTest(maxDuration = "120s")
    void file(byte[] content) {
        Path file = Refusals.file("config.yaml", content);
        Refusals.check(file, () -> ConfigFile.read(file, KNOWN));
    }
}
