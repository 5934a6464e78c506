package bpnn.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.spi.BackendException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void workersGetTheFlagsOfVectors() {
        assertThat(Settings.flags(List.of(
                        "-Xmx1g",
                        "--add-modules=jdk.incubator.vector",
                        "-XX:CompileCommand=quiet",
                        "-XX:SharedArchiveFile=/somewhere",
                        "-XX:ObjectAlignmentInBytes=64",
                        "-Dbpnn.home=/here")))
                .isEqualTo("--add-modules=jdk.incubator.vector -XX:CompileCommand=quiet -XX:ObjectAlignmentInBytes=64");
    }

    @Test
    void oneOfSeveralMastersIsEnough() throws IOException {
        try (ServerSocket master = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Settings.checkMaster("spark://127.0.0.1:1,127.0.0.1:" + master.getLocalPort());
        }
        Settings.checkMaster("local[2]");
        Settings.checkMaster("yarn");
    }

    @Test
    void aMasterThatDoesNotAnswer() {
        assertThatThrownBy(() -> Settings.checkMaster("spark://127.0.0.1:1"))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("The Spark master spark://127.0.0.1:1 does not answer: ");
        assertThatThrownBy(() -> Settings.checkMaster("spark://nobody.invalid:7077"))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("there is no such host");
    }
}
