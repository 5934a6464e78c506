package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import bpnn.spi.Numerics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class CpuBackendProviderTest {
    private final BackendProvider provider = new CpuBackendProvider();

    @Test
    void serviceLoaderFindsIt() {
        assertThat(ServiceLoader.load(BackendProvider.class)).hasAtLeastOneElementOfType(CpuBackendProvider.class);
        assertThat(provider.id()).isEqualTo("cpu");
        assertThat(provider.apiVersion()).isEqualTo(BackendProvider.API_VERSION);
        assertThat(provider.priority()).isEqualTo(100);
    }

    @Test
    void noNoticeWithTheVectorModule() {
        assertThat(provider.probe()).isInstanceOfSatisfying(Availability.Available.class, available -> {
            assertThat(available.device()).containsPattern("^\\d+ cores? of ");
            assertThat(available.notice()).isNull();
        });
    }

    @Test
    void opensAsConfigured() {
        BackendConfig config = new BackendConfig(Optional.of(Numerics.FAST), 3, Map.of());
        try (Backend backend = provider.open(config)) {
            assertThat(backend.numerics()).isEqualTo(Numerics.FAST);
            assertThat(backend.facts()).containsEntry("threads", "3");
            assertThat(backend.device())
                    .contains(VectorWidth.requested() == VectorWidth.SCALAR ? "scalar code" : " bits");
        }
        try (Backend backend = provider.open(BackendConfig.defaults())) {
            assertThat(backend.numerics()).isEqualTo(Numerics.EXACT);
        }
    }

    @Test
    void liveBuffersAreCounted() {
        try (Backend backend = provider.open(BackendConfig.defaults())) {
            Buffer one = backend.allocate(ElementType.FLOAT32, 10);
            Buffer two = backend.allocate(ElementType.UINT8, 10);
            assertThat(backend.liveBuffers()).isEqualTo(2);
            one.close();
            one.close();
            assertThat(backend.liveBuffers()).isEqualTo(1);
            two.close();
            assertThat(backend.liveBuffers()).isZero();
        }
    }

    @Test
    void outOfMemoryMentionsXmx() {
        try (Backend backend = provider.open(BackendConfig.defaults())) {
            assertThatThrownBy(() -> backend.allocate(ElementType.FLOAT32, Integer.MAX_VALUE))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("2147483647 elements")
                    .hasMessageContaining("-Xmx");
        }
    }

    @Test
    void withoutTheModuleItNamesTheMissingFlagAndGivesTheSameBits() throws Exception {
        List<String> output = runInChildJvm();
        assertThat(output.get(0)).contains("--add-modules jdk.incubator.vector");
        assertThat(output.get(1)).endsWith("scalar code");
        assertThat(output.get(2)).isEqualTo(ChildJvm.gemmHash(provider));
    }

    @Test
    void anUnknownWidthMakesItUnavailable() throws Exception {
        List<String> output = runInChildJvm("-D" + VectorWidth.PROPERTY + "=333");
        assertThat(output.get(0))
                .isEqualTo("unavailable: -Dbpnn.cpu.width must be scalar, 128, 256, 512 or preferred,"
                        + " but is \"333\"");
    }

    private static List<String> runInChildJvm(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildJvm.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    /** Main class of a JVM started without the module. */
    static final class ChildJvm {
        private ChildJvm() {}

        public static void main(String[] arguments) {
            BackendProvider provider = new CpuBackendProvider();
            Availability availability = provider.probe();
            if (availability instanceof Availability.Available available) {
                System.out.println(available.notice());
                try (Backend backend = provider.open(BackendConfig.defaults())) {
                    System.out.println(backend.device());
                }
                System.out.println(gemmHash(provider));
            } else if (availability instanceof Availability.Unavailable unavailable) {
                System.out.println("unavailable: " + unavailable.reason());
            }
        }

        /** A hash of the bits of a GEMM result. */
        static String gemmHash(BackendProvider provider) {
            try (Backend backend = provider.open(BackendConfig.defaults())) {
                Matrix a = GuardedMatrix.uniform(33, 70, 1);
                Matrix b = GuardedMatrix.uniform(70, 41, 2);
                Matrix c = GuardedMatrix.zeros(33, 41);
                backend.kernels().gemm(1, a, false, b, false, 0, c);
                float[] values = new float[c.size()];
                c.buffer().download(c.offset(), values, 0, values.length);
                long sum = 0;
                for (float value : values) {
                    sum = 31 * sum + Float.floatToRawIntBits(value);
                }
                return Long.toHexString(sum);
            }
        }
    }
}
