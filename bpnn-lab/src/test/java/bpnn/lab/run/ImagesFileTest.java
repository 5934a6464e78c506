package bpnn.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.mnist.DataSplit;
import bpnn.mnist.SyntheticDigits;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ImagesFileTest {
    private static final DataSplit DIGITS = SyntheticDigits.generate(2, 60, 20);

    private static void assertEqual(Dataset found, Dataset wanted) {
        assertThat(found.name()).isEqualTo(wanted.name());
        assertThat(found.format()).isEqualTo(wanted.format());
        assertThat(found.labels()).isEqualTo(wanted.labels());
        assertThat(found.pixels()).isEqualTo(wanted.pixels());
    }

    /** Slices among them. */
    @Test
    void imagesComeBackAsTheyWere() {
        RunPlan.Images images = new RunPlan.Images(
                DIGITS.train().slice(0, 40),
                DIGITS.train().slice(45, 60),
                DIGITS.test(),
                "abc",
                "def",
                Map.of("source", "drawn ä"));

        RunPlan.Images found = ImagesFile.read(ImagesFile.write(images));

        assertEqual(found.train(), images.train());
        assertEqual(Objects.requireNonNull(found.validation()), Objects.requireNonNull(images.validation()));
        assertEqual(found.test(), images.test());
        assertThat(found.trainSha256()).isEqualTo("abc");
        assertThat(found.testSha256()).isEqualTo("def");
        assertThat(found.facts()).isEqualTo(images.facts());
    }

    @Test
    void damageIsNoticed() {
        byte[] bytes = ImagesFile.write(new RunPlan.Images(DIGITS.train(), null, DIGITS.test(), "abc", "def"));
        assertThat(ImagesFile.read(bytes).validation()).isNull();
        byte[] changed = bytes.clone();
        changed[bytes.length / 2] ^= 1;

        assertThatThrownBy(() -> ImagesFile.read(changed))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("they do not have their hash");
        assertThatThrownBy(() -> ImagesFile.read(Arrays.copyOf(bytes, 20))).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> ImagesFile.read(Arrays.copyOf(bytes, 2000))).isInstanceOf(DataException.class);
    }
}
