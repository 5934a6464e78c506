package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmSplitTest {
    private static final int K = 4000;

    private record Block(int row0, int row1, int column0, int column1) {
        int size() {
            return (row1 - row0) * (column1 - column0);
        }
    }

    private static List<Block> blocks(int threads, int m, int n, double rowCost, double columnCost) {
        List<Block> blocks = Collections.synchronizedList(new ArrayList<>());
        try (WorkerPool pool = new WorkerPool(threads)) {
            GemmSplit.run(
                    pool,
                    m,
                    n,
                    K,
                    6,
                    16,
                    rowCost,
                    columnCost,
                    (part, row0, row1, column0, column1) -> blocks.add(new Block(row0, row1, column0, column1)));
        }
        return blocks;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 17, 90", "3, 64, 64", "4, 100, 7", "6, 67, 129", "8, 128, 512", "12, 31, 33"})
    void everyElementIsInOneBlock(int threads, int m, int n) {
        int[] seen = new int[m * n];
        for (Block block : blocks(threads, m, n, 19, 8)) {
            for (int i = block.row0; i < block.row1; i++) {
                for (int j = block.column0; j < block.column1; j++) {
                    seen[i * n + j]++;
                }
            }
        }
        assertThat(Arrays.stream(seen).distinct()).containsExactly(1);
    }

    @ParameterizedTest
    @CsvSource({
        // Rows alone, or columns alone, would give work to four threads of eight …
        "8, 24, 64, 0, 0, 192",
        // … while four threads have as much each, whichever way.
        "4, 24, 64, 0, 0, 384",
        "6, 36, 48, 0, 0, 288"
    })
    void aGridBalancesTheLoad(int threads, int m, int n, double rowCost, double columnCost, int largest) {
        assertThat(blocks(threads, m, n, rowCost, columnCost))
                .hasSize(threads)
                .extracting(Block::size)
                .allMatch(size -> size <= largest)
                .contains(largest);
    }

    @Test
    void whatIsDoneForEachRowKeepsColumnsTogether() {
        assertThat(blocks(4, 96, 64, 1000, 0)).extracting(Block::row0).containsExactlyInAnyOrder(0, 24, 48, 72);
        assertThat(blocks(4, 96, 64, 0, 1000)).extracting(Block::column0).containsExactlyInAnyOrder(0, 16, 32, 48);
    }
}
