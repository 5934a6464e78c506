package bpnn.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.Dataset;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyntheticDigitsTest {
    private static final DataSplit DIGITS = SyntheticDigits.generate(1, 1000, 500);

    @Test
    void theSeedDeterminesEveryBit() {
        assertThat(DIGITS.trainSha256()).isEqualTo("37778de0a2c34ffb1949cf1077e5faea0f99d5e3958ddfc0ad7967b192ffb10b");
        assertThat(DIGITS.testSha256()).isEqualTo("ba8e7f8614ff25c021c2cd7ab05fc046e180193cc4c8f95d12eb09c417d2de57");
    }

    @Test
    void theNumberOfThreadsDoesNotMatter() {
        for (int threads : new int[] {1, 3}) {
            ForkJoinPool pool = new ForkJoinPool(threads);
            DataSplit again =
                    pool.submit(() -> SyntheticDigits.generate(1, 1000, 500)).join();
            pool.shutdown();
            assertThat(again.trainSha256()).isEqualTo(DIGITS.trainSha256());
        }
    }

    @Test
    void anotherSeedGivesOtherImages() {
        assertThat(SyntheticDigits.generate(2, 1000, 500).trainSha256()).isNotEqualTo(DIGITS.trainSha256());
    }

    @Test
    void trainingAndTestImagesDiffer() {
        DataSplit equalCounts = SyntheticDigits.generate(1, 500, 500);
        assertThat(equalCounts.train().labels()).isNotEqualTo(equalCounts.test().labels());
        assertThat(equalCounts.train().pixels()).isNotEqualTo(equalCounts.test().pixels());
    }

    @Test
    void labelsAreBalancedAndShuffled() {
        Dataset train = DIGITS.train();
        assertThat(IntStream.range(0, 10)
                        .mapToLong(digit -> IntStream.range(0, train.size())
                                .filter(i -> train.label(i) == digit)
                                .count()))
                .containsOnly(100L);
        assertThat(IntStream.range(0, 100).map(train::label).distinct().count()).isEqualTo(10);
    }

    @Test
    void imagesHaveTheLayoutOfMnist() {
        Dataset train = DIGITS.train();
        for (int image = 0; image < train.size(); image++) {
            byte[] pixels =
                    Arrays.copyOfRange(train.pixels(), image * train.features(), (image + 1) * train.features());
            int[] inkedRows = IntStream.range(0, 784)
                    .filter(i -> pixels[i] != 0)
                    .map(i -> i / 28)
                    .toArray();
            int[] inkedColumns = IntStream.range(0, 784)
                    .filter(i -> pixels[i] != 0)
                    .map(i -> i % 28)
                    .toArray();
            assertThat(Math.max(extent(inkedRows), extent(inkedColumns)))
                    .as("longer side of image %d", image)
                    .isBetween(19, 20);
            assertThat(centre(pixels, 28))
                    .as("centre of mass, rows, image %d", image)
                    .isBetween(12.9, 15.1);
            assertThat(centre(pixels, 1))
                    .as("centre of mass, columns, image %d", image)
                    .isBetween(12.9, 15.1);
        }
    }

    @Test
    void aCountBelowOneIsRejected() {
        assertThatThrownBy(() -> SyntheticDigits.generate(1, 0, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("but 0 are asked for");
    }

    private static int extent(int[] values) {
        return Arrays.stream(values).max().orElseThrow()
                - Arrays.stream(values).min().orElseThrow()
                + 1;
    }

    /** The centre of mass in pixels along rows (stride 28) or columns (stride 1); 14 is the middle. */
    private static double centre(byte[] pixels, int stride) {
        double mass = 0;
        double moment = 0;
        for (int i = 0; i < pixels.length; i++) {
            mass += pixels[i] & 0xFF;
            moment += (pixels[i] & 0xFF) * (i / stride % 28 + 0.5);
        }
        return moment / mass;
    }
}
