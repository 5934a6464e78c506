package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StripsTest {
    @BeforeEach
    void tilesAreVectors() {
        assumeTrue(VectorWidth.requested() != VectorWidth.SCALAR, "vectors are requested");
    }

    @ParameterizedTest
    @CsvSource({
        "1, '0 1', 4", "4, '0 4', 4", "5, '0 5', 6", "6, '0 6', 6", "7, '0 4 7', 4",
        "8, '0 4 8', 4", "9, '0 6 9', 4", "10, '0 6 10', 4", "11, '0 6 11', 6", "14, '0 6 10 14', 4"
    })
    void lowTilesAreLastIfTheyWasteLess(int rows, String starts, int last) {
        Strips strips = new Strips(rows, new PackedTile6x2(), new PackedTile4x2());
        List<Integer> found =
                IntStream.rangeClosed(0, strips.count()).mapToObj(strips::start).toList();
        assertThat(found).hasToString("[" + starts.replace(" ", ", ") + "]");
        assertThat(strips.tile(strips.count() - 1).mr()).isEqualTo(last);
    }
}
