package bpnn.cuda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kernels go through NVIDIA's own compilers, which need no GPU: {@code mvn -Pnvrtc}. That of CUDA 13 through the edited
 * copy of JCuda's library.
 */
@Tag("nvrtc")
class NvrtcTest {
    /** A kernel that no macro makes: {@code void [bounds] NAME(}. */
    private static final Pattern KERNEL = Pattern.compile(
            "^extern \"C\" __global__ void (?:__launch_bounds__\\([\\w *]+\\) )?(\\w+)", Pattern.MULTILINE);

    /** What a cubin says of itself: an ELF file for the machine EM_CUDA, number 190. */
    private static final int MACHINE = 18;

    private static final int EM_CUDA = 190;

    @ParameterizedTest
    @CsvSource({"sm_75, 0", "sm_80, 0", "sm_90, 0", "sm_120, 0", "sm_80, 3", "sm_90, 3", "sm_120, 3", "sm_90, 1"})
    void everyKernelCompiles(String architecture, int tensorParts, @TempDir Path cache) throws Exception {
        Store store = new Store(cache);
        Installation.VersionedLibrary nvrtc = Installation.nvrtc(
                        LibrarySearch.in(List.of(Path.of(System.getProperty("bpnn.nvrtc.folder")))))
                .orElseThrow();
        JCudaLoader.loadCompiler(nvrtc, store);
        KernelCompiler compiler = new KernelCompiler(store);
        assertThat(compiler.version()).startsWith(System.getProperty("bpnn.nvrtc.major") + ".");
        byte[] cubin = compiler.compile(architecture, tensorParts);
        assertThat(cubin[MACHINE] & 0xFF).isEqualTo(EM_CUDA);
        String content = new String(cubin, ISO_8859_1);
        List<String> kernels = kernels();
        assertThat(kernels).hasSizeGreaterThan(20).contains("update_parameters", "last_layer_loss");
        assertThat(content)
                .contains(
                        "\0.text.layer_forward_small\0", "\0.text.weight_gradients_large\0", "\0.text.gemm_tt_small\0");
        assertThat(kernels).allSatisfy(kernel -> assertThat(content).contains("\0.text." + kernel + "\0"));
    }

    private static List<String> kernels() throws IOException {
        try (InputStream in = NvrtcTest.class.getResourceAsStream("kernels.cu")) {
            String source = new String(in.readAllBytes(), UTF_8);
            return KERNEL.matcher(source)
                    .results()
                    .map((MatchResult match) -> match.group(1))
                    .toList();
        }
    }
}
