package bpnn.app.picture;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.io.image.InputPicture;
import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.mnist.IdxFolder;
import bpnn.mnist.SyntheticDigits;
import bpnn.spi.Backend;
import bpnn.spi.ReferenceBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Photographs are read by a network that never saw one, or said to be doubtful. The digits are MNIST's where it is there,
 * else synthetic ones.
 */
@Tag("once")
class PhotographTest {
    private static final int PHOTOGRAPHS = 40;
    private static final int ENOUGH = 36;

    @TempDir
    static Path folder;

    private static Dataset digits;
    private static Path model;

    @BeforeAll
    static void train() {
        Path mnist = Path.of(System.getProperty("bpnn.mnist.dir", ""));
        boolean present = Files.isDirectory(mnist);
        if (!present) {
            System.out.println("MNIST is not in " + mnist.toAbsolutePath()
                    + " (-Dbpnn.mnist.dir=DIR); photographs of synthetic digits are read instead.");
        }
        digits = present
                ? IdxFolder.load(mnist).test()
                : SyntheticDigits.generate(1, 1, PHOTOGRAPHS).test();
        model = folder.resolve("run/model.safetensors");
        Cli cli = Cli.run(
                "train",
                "--backend=cpu",
                "--dataset=" + (present ? mnist : "synthetic"),
                "--limit=30000",
                "--hidden=256",
                "--epochs=2",
                "--dropout=0.2",
                "--out=" + folder.resolve("run"));
        assertThat(cli.exitCode()).as(cli.err()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void areReadOrDoubted(Photograph kind) throws IOException {
        int right = 0;
        int doubted = 0;
        try (Backend backend = new ReferenceBackend();
                LoadedModel network = LoadedModel.forSingleImages(backend, Model.read(model, assumption -> {}))) {
            for (int i = 0; i < PHOTOGRAPHS; i++) {
                Path file = folder.resolve(kind.name() + i + ".png");
                ImageIO.write(kind.of(digits.slice(i, i + 1).pixels(), i), "png", file.toFile());
                InputPicture picture =
                        InputPicture.read(file, ImageFormat.assumed(784, 10), InputPicture.Inversion.AUTO);
                boolean isRight = best(network.read(picture.dataset(ImageFormat.assumed(784, 10)))
                                .probabilities())
                        == digits.label(i);
                right += isRight ? 1 : 0;
                doubted += !isRight && !picture.remarks().isEmpty() ? 1 : 0;
            }
        }
        System.out.printf(
                "Photographs, %s: %d of %d right, %d wrong with a warning.%n", kind, right, PHOTOGRAPHS, doubted);
        assertThat(right + doubted).isGreaterThanOrEqualTo(ENOUGH);
    }

    private static int best(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }
}
