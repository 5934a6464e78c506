package bpnn.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bpnn.data.Framing;
import bpnn.nn.InputScaling;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Runs if the folder of the system property {@code bpnn.mnist.dir} contains MNIST. */
class RealMnistTest {

    @Test
    void theOriginalFilesAreRecognised() {
        Path folder = Path.of(System.getProperty("bpnn.mnist.dir", ""));
        boolean present = IdxFolder.isAt(folder);
        if (!present) {
            System.out.println("Skipped: MNIST is not in " + folder.toAbsolutePath() + " (-Dbpnn.mnist.dir=DIR).");
        }
        assumeTrue(present);

        DataSplit mnist = new MnistSource().find(folder).orElseThrow();

        assertThat(mnist.train().size()).isEqualTo(60_000);
        assertThat(mnist.test().size()).isEqualTo(10_000);
        assertThat(mnist.test().features()).isEqualTo(784);
        assertThat(mnist.train().format().framing()).isEqualTo(Framing.CENTRE_OF_MASS);
        assertThat(IntStream.range(0, 10).map(mnist.train()::label)).containsExactly(5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
        assertThat(IntStream.range(0, 10).map(mnist.test()::label)).containsExactly(7, 2, 1, 0, 4, 1, 4, 9, 5, 9);
        assertThat(InputScaling.standard(MnistStatistics.mean(), MnistStatistics.standardDeviation()))
                .isEqualTo(InputScaling.standard(mnist.train()));
    }
}
