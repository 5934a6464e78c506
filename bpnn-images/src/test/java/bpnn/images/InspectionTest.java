package bpnn.images;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.data.Dataset;
import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.mnist.DataSplit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InspectionTest {
    private static final ImageFormat FORMAT = new ImageFormat(ImageShape.grey(3, 3), List.of("a", "b"), Framing.WHOLE);

    /** Images whose nine pixels begin with one value and go on with another. */
    private static Dataset data(int[] labels, int... values) {
        byte[] pixels = new byte[9 * labels.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) values[2 * (i / 9) + (i % 9 == 0 ? 0 : 1)];
        }
        return new Dataset("d", FORMAT, pixels, labels);
    }

    @Test
    void imagesThatAreThereTwiceOrShowNothingAreFound() {
        Dataset train = data(new int[] {0, 1, 0, 1}, 1, 2, 3, 4, 1, 2, 5, 5);
        Dataset test = data(new int[] {1, 0, 1}, 3, 4, 3, 4, 7, 8);

        Inspection found = Inspection.of(DataSplit.of(train, null, test, Map.of(), List.of()));

        assertThat(found.parts()).extracting(Inspection.PartFacts::name).containsExactly("train", "test");
        Inspection.PartFacts training = found.parts().get(0);
        assertThat(training.counts()).containsExactly(2, 2);
        assertThat(training.constant()).containsExactly(3);
        assertThat(training.repeated()).isEqualTo(1);
        Inspection.PartFacts testing = found.parts().get(1);
        assertThat(testing.constant()).isEmpty();
        assertThat(testing.repeated()).isEqualTo(1);
        assertThat(testing.shared().images()).containsExactly(0, 1);
        assertThat(testing.shared().contradicting()).isEqualTo(1);
    }

    @Test
    void meanAndSpreadAreThoseOfTheTrainingPixels() {
        Dataset train = data(new int[] {0, 1}, 0, 0, 200, 200);

        Inspection found = Inspection.of(DataSplit.of(train, train));

        assertThat(found.mean()).isEqualTo(100);
        assertThat(found.deviation()).isEqualTo(100);
    }
}
