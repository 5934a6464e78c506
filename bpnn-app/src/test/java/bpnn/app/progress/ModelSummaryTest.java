package bpnn.app.progress;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.nn.NetworkSpec;
import bpnn.spi.Activation;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSummaryTest {
    @ParameterizedTest
    @CsvSource({"32, 100.5 kB", "318, 998.5 kB", "319, 1.0 MB", "512, 1.6 MB", "1, 3.1 kB"})
    void bytesAreInUnitsThatTellThemApart(int units, String bytes) {
        NetworkSpec network = new NetworkSpec(784, List.of(units), 10, Activation.TANH, 0, false, false);

        assertThat(ModelSummary.of(network).lines().filter(line -> line.startsWith("fc1")))
                .singleElement()
                .asString()
                .endsWith(" " + bytes);
    }
}
