package bpnn.app.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bpnn.app.Cli;
import bpnn.data.Dataset;
import bpnn.mnist.IdxFolder;
import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A digit of MNIST as a PNG, of whatever type, is the digit that {@code --index} reads. */
@Tag("once")
class DigitsOfMnistTest {
    private static final int DIGITS = 1000;

    @TempDir
    Path folder;

    @Test
    void asPicturesOfEveryTypeTheyGetTheSameAnswers() throws IOException {
        Path mnist = Path.of(System.getProperty("bpnn.mnist.dir", ""));
        if (!Files.isDirectory(mnist)) {
            System.out.println("Skipped: MNIST is not in " + mnist.toAbsolutePath() + " (-Dbpnn.mnist.dir=DIR).");
        }
        assumeTrue(Files.isDirectory(mnist));
        Path model = folder.resolve("run/model.safetensors");
        Cli trained = Cli.run(
                "train",
                "--backend=cpu",
                "--dataset=" + mnist,
                "--limit=3000",
                "--hidden=32",
                "--epochs=1",
                "--out=" + model.getParent());
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        Dataset test = IdxFolder.load(mnist).test();
        String indices = IntStream.range(0, DIGITS).mapToObj(String::valueOf).collect(Collectors.joining(","));
        JsonNode expected = predict(model, "--dataset=" + mnist, "--index=" + indices);
        assertThat(expected).hasSize(DIGITS);

        for (String type : List.of("grey", "rgb", "palette", "16 bit")) {
            List<Object> files = new ArrayList<>();
            for (int i = 0; i < DIGITS; i++) {
                Path file = folder.resolve(i + ".png");
                ImageIO.write(picture(test.slice(i, i + 1).pixels(), type), "png", file.toFile());
                files.add(file);
            }
            JsonNode actual = predict(model, files.toArray());
            for (int i = 0; i < DIGITS; i++) {
                assertThat(actual.get(i).get("probabilities"))
                        .as("%s, image %d", type, i)
                        .isEqualTo(expected.get(i).get("probabilities"));
            }
        }
    }

    private static JsonNode predict(Path model, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("predict", "--backend=cpu", "--json", "--model=" + model));
        all.addAll(List.of(arguments));
        Cli cli = Cli.run(all.toArray());
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        return cli.json().get("predictions");
    }

    private static BufferedImage picture(byte[] pixels, String type) {
        byte[] levels = new byte[256];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) i;
        }
        IndexColorModel palette = new IndexColorModel(8, 256, levels, levels, levels);
        BufferedImage image = switch (type) {
            case "grey" -> new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
            case "rgb" -> new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
            case "palette" -> new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_INDEXED, palette);
            default -> new BufferedImage(28, 28, BufferedImage.TYPE_USHORT_GRAY);
        };
        for (int i = 0; i < pixels.length; i++) {
            int grey = pixels[i] & 0xFF;
            for (int band = 0; band < image.getRaster().getNumBands(); band++) {
                image.getRaster().setSample(i % 28, i / 28, band, type.equals("16 bit") ? grey << 8 | i & 0xFF : grey);
            }
        }
        return image;
    }
}
