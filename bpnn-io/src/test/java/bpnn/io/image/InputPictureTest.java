package bpnn.io.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import bpnn.io.image.InputPicture.Inversion;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputPictureTest {
    @TempDir
    Path folder;

    /** A bar of 30x150 pixels in the corner of a large picture. */
    private Path bar(Color paper, Color ink, int type) throws IOException {
        BufferedImage image = new BufferedImage(400, 300, type);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(paper);
        graphics.fillRect(0, 0, 400, 300);
        graphics.setColor(ink);
        graphics.fillRect(20, 10, 30, 150);
        graphics.dispose();
        Path file = folder.resolve("bar.png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private static int at(InputPicture picture, int x, int y) {
        return picture.pixels()[y * Digits.SIDE + x] & 0xFF;
    }

    private static void assertCentredBar(InputPicture picture) {
        for (int y = 4; y < 24; y++) {
            assertThat(at(picture, 12, y)).as("row %d", y).isEqualTo(255);
            assertThat(at(picture, 15, y)).as("row %d", y).isEqualTo(255);
            assertThat(at(picture, 11, y)).as("row %d", y).isZero();
            assertThat(at(picture, 16, y)).as("row %d", y).isZero();
        }
        assertThat(at(picture, 13, 3)).isZero();
        assertThat(at(picture, 13, 24)).isZero();
    }

    @Test
    void darkOnLightIsInvertedScaledAndCentred() throws IOException {
        InputPicture picture = Digits.read(bar(Color.WHITE, Color.BLACK, BufferedImage.TYPE_INT_RGB), Inversion.AUTO);

        assertThat(picture.inverted()).isTrue();
        assertCentredBar(picture);
    }

    @Test
    void lightOnDarkIsTakenAsItIs() throws IOException {
        InputPicture picture = Digits.read(bar(Color.BLACK, Color.WHITE, BufferedImage.TYPE_BYTE_GRAY), Inversion.AUTO);

        assertThat(picture.inverted()).isFalse();
        assertCentredBar(picture);
    }

    @Test
    void whatIsTransparentIsPaper() throws IOException {
        Path file = bar(new Color(0, 0, 0, 0), Color.BLACK, BufferedImage.TYPE_INT_ARGB);

        InputPicture picture = Digits.read(file, Inversion.AUTO);

        assertThat(picture.inverted()).isTrue();
        assertCentredBar(picture);
    }

    @Test
    void aPaleDrawingIsStretchedToFullContrast() throws IOException {
        Path file = bar(new Color(200, 200, 200), new Color(90, 90, 90), BufferedImage.TYPE_INT_RGB);

        assertCentredBar(Digits.read(file, Inversion.AUTO));
    }

    @Test
    void anEmptyPictureIsRefused() throws IOException {
        Path file = bar(Color.WHITE, Color.WHITE, BufferedImage.TYPE_INT_RGB);

        assertThatThrownBy(() -> Digits.read(file, Inversion.AUTO))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " shows no digit: all of it has about the same brightness.");
    }

    @Test
    void aGiganticPictureIsRefusedBeforeItIsDecoded() throws IOException {
        Path file = folder.resolve("wide.png");
        ImageIO.write(new BufferedImage(5000, 1, BufferedImage.TYPE_BYTE_BINARY), "png", file.toFile());

        assertThatThrownBy(() -> Digits.read(file, Inversion.AUTO))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("5000x1 pixels large, but at most 4096x4096");
    }

    @Test
    void damagedPicturesAreDataErrorsWhateverTheDecoderThrows() throws IOException {
        byte[] whole = Files.readAllBytes(bar(Color.WHITE, Color.BLACK, BufferedImage.TYPE_INT_RGB));
        Path file = folder.resolve("damaged.png");
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] damaged = Arrays.copyOf(whole, whole.length - random.nextInt(2) * random.nextInt(whole.length));
            for (int hits = 0; hits < 3 && damaged.length > 8; hits++) {
                damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                assertThat(Digits.read(file, Inversion.AUTO).pixels()).hasSize(Digits.SIDE * Digits.SIDE);
            } catch (DataException e) {
                assertThat(e).hasMessageContaining(file.toString());
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    /** A photograph of a whole page with one digit on it. */
    @Test
    void aSmallDigitOnALargePictureIsFound() throws IOException {
        BufferedImage page = new BufferedImage(3000, 4000, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = page.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 3000, 4000);
        graphics.setColor(Color.BLACK);
        graphics.fillRect(2000, 900, 30, 150);
        graphics.dispose();
        Path file = folder.resolve("page.png");
        ImageIO.write(page, "png", file.toFile());

        InputPicture picture = Digits.read(file, Inversion.AUTO);

        assertThat(picture.inverted()).isTrue();
        assertThat(at(picture, 13, 13)).isGreaterThan(200);
        assertThat(at(picture, 8, 13)).isZero();
        assertThat(at(picture, 19, 13)).isZero();
    }

    @Test
    void ofTwoFiguresTheLargerIsReadAndAWordSaysSo() throws IOException {
        BufferedImage image = new BufferedImage(400, 300, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(60, 50, 30, 150);
        graphics.fillRect(250, 50, 30, 100);
        graphics.dispose();
        Path file = folder.resolve("two.png");
        ImageIO.write(image, "png", file.toFile());

        InputPicture picture = Digits.read(file, Inversion.AUTO);

        assertThat(picture.remarks()).containsExactly("shows 2 separate figures, of which the largest is read");
        assertCentredBar(picture);
    }

    /** Thousands of specks, none of which is a digit. */
    @Test
    void aPictureOfNoiseIsNoError() throws IOException {
        BufferedImage noise = new BufferedImage(560, 560, BufferedImage.TYPE_BYTE_GRAY);
        Random random = new Random(5);
        for (int i = 0; i < 560 * 560; i++) {
            noise.getRaster().setSample(i % 560, i / 560, 0, random.nextInt(12) == 0 ? 255 : 0);
        }
        Path file = folder.resolve("noise.png");
        ImageIO.write(noise, "png", file.toFile());

        assertThat(Digits.read(file, Inversion.AUTO).pixels()).hasSize(Digits.SIDE * Digits.SIDE);
    }
}
