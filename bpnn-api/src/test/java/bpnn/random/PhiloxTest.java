package bpnn.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhiloxTest {

    private static int[] block(int fill) {
        int[] out = new int[4];
        Philox.block(fill, fill, fill, fill, fill, fill, out, 0);
        return out;
    }

    /** Known answers published with Random123 (kat_vectors, philox4x32 10). */
    @Test
    void knownAnswers() {
        assertThat(block(0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(block(-1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    }

    @Test
    void aWordDependsOnlyOnItsIndex() {
        int[] whole = new int[37];
        Philox.fill(5, Purpose.DROPOUT, 2, 3, 0, whole, 0, 37);
        int[] part = new int[20];
        Philox.fill(5, Purpose.DROPOUT, 2, 3, 11, part, 0, 20);
        assertThat(part)
                .containsExactly(IntStream.range(11, 31).map(i -> whole[i]).toArray());
    }

    @Test
    void everyCoordinateMatters() {
        int[][] draws = new int[5][1];
        Philox.fill(5, Purpose.DROPOUT, 2, 3, 0, draws[0], 0, 1);
        Philox.fill(6, Purpose.DROPOUT, 2, 3, 0, draws[1], 0, 1);
        Philox.fill(5, Purpose.WEIGHTS, 2, 3, 0, draws[2], 0, 1);
        Philox.fill(5, Purpose.DROPOUT, 3, 3, 0, draws[3], 0, 1);
        Philox.fill(5, Purpose.DROPOUT, 2, 4, 0, draws[4], 0, 1);
        assertThat(IntStream.range(0, 5).map(i -> draws[i][0]).distinct().count())
                .isEqualTo(5);
    }

    @Test
    void shuffleIsAPermutationDeterminedByTheSeed() {
        int[] first = IntStream.range(0, 100).toArray();
        new RandomStream(1, Purpose.SHUFFLE, 0, 0).shuffle(first);
        int[] again = IntStream.range(0, 100).toArray();
        new RandomStream(1, Purpose.SHUFFLE, 0, 0).shuffle(again);
        int[] next = IntStream.range(0, 100).toArray();
        new RandomStream(1, Purpose.SHUFFLE, 1, 0).shuffle(next);

        assertThat(first).isEqualTo(again).isNotEqualTo(next);
        assertThat(first).containsExactlyInAnyOrder(IntStream.range(0, 100).toArray());
    }

    @Test
    void gaussianHasMeanZeroAndVarianceOne() {
        RandomStream random = new RandomStream(7, Purpose.STATISTICS, 0, 0);
        double sum = 0;
        double squares = 0;
        int n = 100_000;
        for (int i = 0; i < n; i++) {
            float x = random.nextGaussian();
            sum += x;
            squares += x * x;
        }
        assertThat(sum / n).isBetween(-0.01, 0.01);
        assertThat(squares / n).isBetween(0.98, 1.02);
    }
}
