package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The order of an epoch depends on seed and epoch only. */
class EpochOrderTest {
    private static final int COUNT = 1000;
    private static final long SEED = 7;

    private static EpochOrder order(boolean shuffled) {
        return new EpochOrder(
                new TrainingConfig(10, 5, 0, shuffled, Adam.withRate(1e-3f), SEED, InputScaling.unit()), COUNT);
    }

    @Test
    void theOrderComesFromTheStreamOfTheEpoch() {
        for (int epoch = 1; epoch <= 3; epoch++) {
            int[] expected = IntStream.range(0, COUNT).toArray();
            new RandomStream(SEED, Purpose.SHUFFLE, epoch, 0).shuffle(expected);
            assertThat(order(true).of(epoch)).isEqualTo(expected);
        }
    }

    @Test
    void theOrderDoesNotDependOnEarlierCalls() {
        EpochOrder order = order(true);
        for (int epoch : new int[] {2, 1, 1, 3}) {
            assertThat(order.of(epoch))
                    .as("epoch %d", epoch)
                    .isEqualTo(order(true).of(epoch));
        }
    }

    @Test
    void withoutShufflingTheOrderIsFileOrder() {
        assertThat(order(false).of(4)).isEqualTo(IntStream.range(0, COUNT).toArray());
    }
}
