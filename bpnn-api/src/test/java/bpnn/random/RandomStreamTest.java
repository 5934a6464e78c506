package bpnn.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random numbers derived from the words of Philox, word by word. */
class RandomStreamTest {
    private static final long SEED = 0x123456789ABCDEF0L;
    private static final int STEP = 3;
    private static final int STREAM = 4;

    private final RandomStream stream = new RandomStream(SEED, Purpose.STATISTICS, STEP, STREAM);

    /** The first words of the stream; both halves of the seed form the key. */
    private static int[] words(int blocks) {
        int[] words = new int[4 * blocks];
        for (int i = 0; i < blocks; i++) {
            Philox.block(0x9ABCDEF0, 0x12345678, Purpose.STATISTICS.code(), STEP, STREAM, i, words, 4 * i);
        }
        return words;
    }

    @Test
    void wordsComeBlockByBlock() {
        assertThat(IntStream.range(0, 20).map(i -> stream.nextInt()).toArray()).containsExactly(words(5));
    }

    @Test
    void fillStartsAtAnyIndex() {
        int[] out = new int[14];
        Philox.fill(SEED, Purpose.STATISTICS, STEP, STREAM, 6, out, 2, 12);
        int[] expected = new int[14];
        System.arraycopy(words(4), 6, expected, 2, 10);
        assertThat(out).containsExactly(expected);
    }

    @Test
    void boundedIntegersUseMultiplyShift() {
        for (int word : words(50)) {
            assertThat(stream.nextInt(1000)).isEqualTo((int) (Integer.toUnsignedLong(word) / 0x1p32 * 1000));
        }
        assertThat(stream.nextInt(1)).isZero();
        assertThatThrownBy(() -> stream.nextInt(0)).hasMessage("bound must be at least 1, but is 0");
    }

    @Test
    void floatsUseTheUpper24Bits() {
        int[] words = words(2);
        assertThat(stream.nextFloat()).isEqualTo((words[0] >>> 8) / 0x1p24f);
        assertThat(stream.nextFloat(-2, 6)).isEqualTo(-2 + 8 * ((words[1] >>> 8) / 0x1p24f));
    }

    @Test
    void gaussiansUseBoxMuller() {
        int[] words = words(10);
        for (int i = 0; i < words.length; i += 2) {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(((words[i] >>> 8) + 0.5) / 0x1p24));
            double angle = 2 * StrictMath.PI * ((words[i + 1] >>> 8) / 0x1p24);
            assertThat(stream.nextGaussian()).isEqualTo((float) (radius * StrictMath.cos(angle)));
        }
    }

    /**
     * From the last position down, each swaps with a position up to its own; the first draws nothing.
     */
    @Test
    void shuffleDrawsOncePerPositionExceptTheFirst() {
        int[] values = IntStream.range(0, 12).toArray();
        stream.shuffle(values);
        int[] words = words(3);
        int[] expected = IntStream.range(0, 12).toArray();
        for (int i = 11; i > 0; i--) {
            int j = (int) (Integer.toUnsignedLong(words[11 - i]) / 0x1p32 * (i + 1));
            int swapped = expected[i];
            expected[i] = expected[j];
            expected[j] = swapped;
        }
        assertThat(values).containsExactly(expected);
        assertThat(stream.nextInt())
                .isEqualTo(Arrays.stream(words).skip(11).findFirst().orElseThrow());
    }
}
