package bpnn.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bpnn.data.Dataset;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final int CLASSES = 3;

    private static Dataset labelled(int... labels) {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return new Dataset("labels", 1, 1, CLASSES, new byte[labels.length], bytes);
    }

    @Test
    void theErrorIsTheMeanDistanceOfTheBins() {
        Dataset images = labelled(0, 0, 1, 2);
        float[][] probabilities = {
            {0.7f, 0.2f, 0.1f}, {0.1f, 0.72f, 0.18f}, {0.02f, 0.98f, 0}, {0, 0, 1},
        };
        Calibration calibration = Calibration.of(images, probabilities);
        assertThat(calibration.bins()).hasSize(Calibration.BINS);
        // 0.7 and 0.72 lie in the bin from 10/15 to 11/15, 0.98 and 1 in the last one.
        Calibration.Bin middle = calibration.bins().get(10);
        assertThat(middle.images()).isEqualTo(2);
        assertThat(middle.accuracy()).isEqualTo(0.5);
        assertThat(middle.confidence()).isCloseTo(0.71, within(1e-6));
        Calibration.Bin last = calibration.bins().get(14);
        assertThat(last.images()).isEqualTo(2);
        assertThat(calibration.expectedError()).isCloseTo((0.21 + 0.01) / 2, within(1e-6));
        assertThat(calibration.bins().get(3).images()).isZero();
        assertThat(calibration.bins().get(3).confidence()).isZero();
        Calibration twice = Calibration.merged(List.of(calibration, calibration));
        assertThat(twice.expectedError()).isCloseTo(calibration.expectedError(), within(1e-12));
        assertThat(twice.bins().get(10).images()).isEqualTo(4);
    }

    /** Labels are drawn with the probabilities of logits; multiplied by a factor, these are as much too certain. */
    @Test
    void theTemperatureUndoesAFactor() {
        RandomStream random = new RandomStream(3, Purpose.STATISTICS, 0, 0);
        int count = 20_000;
        int[] labels = new int[count];
        float[][] logits = new float[count][CLASSES];
        for (int i = 0; i < count; i++) {
            double[] cumulated = new double[CLASSES];
            double sum = 0;
            for (int j = 0; j < CLASSES; j++) {
                logits[i][j] = 2 * random.nextGaussian();
                sum += Math.exp(logits[i][j]);
                cumulated[j] = sum;
            }
            double drawn = random.nextFloat() * sum;
            while (drawn > cumulated[labels[i]]) {
                labels[i]++;
            }
            for (int j = 0; j < CLASSES; j++) {
                logits[i][j] *= 2.5f;
            }
        }
        assertThat(Temperature.of(labelled(labels), logits)).isCloseTo(2.5, within(0.1));
    }

    /** Where every image is taken for the right class, no certainty is too great: the lowest temperature there is. */
    @Test
    void whatIsAlwaysRightIsAsCertainAsCanBe() {
        assertThat(Temperature.of(labelled(0, 1), new float[][] {{3, 1, 0}, {0, 2, 1}}))
                .isCloseTo(0.05, within(1e-9));
    }
}
