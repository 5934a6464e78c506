package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningTest {
    private static final String MACHINE = "2 cores of A\\B = C: D, Java 17, vectors of 256 bits";

    private final GemmCandidate first = candidate("direct 8x2");
    private final GemmCandidate second = candidate("packed 6x2");
    private final List<GemmCandidate> candidates = List.of(first, second);
    private final GemmPlan usual = GemmPlan.of(first);
    private final GemmPlan measured = GemmPlan.of(first, second);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("tuning");
    }

    private static GemmCandidate candidate(String name) {
        return new GemmCandidate(name, pool -> (alpha, a, transA, b, transB, beta, c, epilogue) -> {});
    }

    private GemmPlan plan(String machine, List<GemmCandidate> known, GemmPlan found) {
        Arithmetic scalar = Arithmetic.scalar();
        Arithmetic arithmetic = new Arithmetic(
                "test",
                known,
                usual,
                scalar.elementwise(),
                scalar.rowLoops(),
                scalar.scaleShift(),
                scalar.masks(),
                scalar.distortions(),
                scalar.updates());
        return new Tuning(file, machine).plan(arithmetic, () -> found);
    }

    @Test
    void measuresOnce() throws IOException {
        assertThat(plan(MACHINE, candidates, measured)).isEqualTo(measured);
        assertThat(plan(MACHINE, candidates, GemmPlan.of(second))).isEqualTo(measured);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileOfAnotherMachineHasNoEffect() {
        plan(MACHINE, candidates, measured);
        assertThat(plan(MACHINE.replace("256", "512"), candidates, measured)).isEqualTo(usual);
    }

    @Test
    void aFileWithACandidateThatIsNoMoreHasNoEffect() {
        plan(MACHINE, candidates, measured);
        assertThat(plan(MACHINE, List.of(first), measured)).isEqualTo(usual);
    }

    @Test
    void aDamagedFileHasNoEffect() throws IOException {
        Files.write(file, new byte[] {'\\', 'u', 'x', 0, 1, 2});
        assertThat(plan(MACHINE, candidates, measured)).isEqualTo(usual);
    }

    @Test
    void whatCannotBeKeptIsUsedAllTheSame() {
        file = folder.resolve("missing").resolve("tuning");
        assertThat(plan(MACHINE, candidates, measured)).isEqualTo(measured);
    }

    @Test
    void thePlannedCandidateStaysUnlessAnotherIsClearlyFaster() {
        assertThat(GemmTuner.choose(candidates, new long[] {1000, 980}, first)).isSameAs(first);
        assertThat(GemmTuner.choose(candidates, new long[] {1000, 900}, first)).isSameAs(second);
        assertThat(GemmTuner.choose(candidates, new long[] {1000, 1020}, second))
                .isSameAs(second);
    }

    @Test
    void measuresEveryClassOfProducts() {
        int[] calls = new int[GemmPlan.CLASSES];
        GemmCandidate counting = new GemmCandidate(
                "counting",
                pool -> (alpha, a, transA, b, transB, beta, c, epilogue) ->
                        calls[GemmPlan.classOf(transA, transB, c.rows(), c.cols(), transA ? a.rows() : a.cols())]++);
        try (WorkerPool pool = new WorkerPool(1)) {
            GemmPlan found = new GemmTuner(pool, List.of(counting)).improve(GemmPlan.of(counting));
            assertThat(found).isEqualTo(GemmPlan.of(counting));
        }
        // Neither class of products with both operands transposed: no training step has them.
        assertThat(calls[GemmPlan.classOf(true, true, 512, 512, 512)]).isZero();
        assertThat(Arrays.stream(calls).filter(count -> count > 0)).hasSize(GemmPlan.CLASSES - 2);
    }
}
