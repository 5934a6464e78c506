package bpnn.io.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.io.image.InputPicture.Inversion;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One digit in every type of picture is the same digit. */
class PictureFormatsTest {
    private static final int SIDE = Digits.SIDE;

    /** A seven with soft edges, light on dark. */
    private static final byte[] DIGIT = InputPicture.of(
                    new Drawing(List.of(new float[] {0.2f, 0.2f, 0.8f, 0.25f, 0.45f, 0.85f})), Digits.FORMAT)
            .orElseThrow()
            .pixels();

    @TempDir
    Path folder;

    private static int sample(int i) {
        return DIGIT[i] & 0xFF;
    }

    private InputPicture read(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("digit." + format);
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return Digits.read(file, Inversion.AUTO);
    }

    private byte[] header() throws IOException {
        return Arrays.copyOfRange(Files.readAllBytes(folder.resolve("digit.png")), 24, 26);
    }

    /** Of so many bits to a sample, grey, perhaps with an alpha channel. */
    private static BufferedImage grey(int bits, boolean alpha) {
        return filled(ColorSpace.CS_GRAY, bits, alpha);
    }

    private static BufferedImage colour(int bits, boolean alpha) {
        return filled(ColorSpace.CS_sRGB, bits, alpha);
    }

    /** In 16 bits, the low byte is none of the digit's, so that it would show if it counted. */
    private static BufferedImage filled(int colourSpace, int bits, boolean alpha) {
        ColorSpace space = ColorSpace.getInstance(colourSpace);
        int colours = space.getNumComponents();
        ComponentColorModel model = new ComponentColorModel(
                space,
                alpha,
                false,
                alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                bits == 16 ? DataBuffer.TYPE_USHORT : DataBuffer.TYPE_BYTE);
        WritableRaster raster = model.createCompatibleWritableRaster(SIDE, SIDE);
        for (int i = 0; i < DIGIT.length; i++) {
            int value = bits == 16 ? sample(i) << 8 | (i * 37 & 0xFF) : sample(i);
            for (int band = 0; band < colours; band++) {
                raster.setSample(i % SIDE, i / SIDE, band, value);
            }
            if (alpha) {
                raster.setSample(i % SIDE, i / SIDE, colours, (1 << bits) - 1);
            }
        }
        return new BufferedImage(model, raster, false, null);
    }

    /** With the levels that so many bits allow, and those levels as the expected bytes. */
    private static BufferedImage levels(int bits) {
        int count = 1 << bits;
        byte[] levels = new byte[count];
        for (int i = 0; i < count; i++) {
            levels[i] = (byte) (i * 255 / (count - 1));
        }
        IndexColorModel model = new IndexColorModel(bits, count, levels, levels, levels);
        WritableRaster raster = Raster.createPackedRaster(DataBuffer.TYPE_BYTE, SIDE, SIDE, 1, bits, new Point());
        for (int i = 0; i < DIGIT.length; i++) {
            raster.setSample(i % SIDE, i / SIDE, 0, level(i, bits));
        }
        return new BufferedImage(model, raster, false, null);
    }

    private static int level(int i, int bits) {
        return Math.round(sample(i) * ((1 << bits) - 1) / 255f);
    }

    @ParameterizedTest
    @CsvSource({"8, false, 0", "16, false, 0", "8, true, 4", "16, true, 4"})
    void greyPng(int bits, boolean alpha, int colourType) throws IOException {
        assertThat(read(grey(bits, alpha), "png").pixels()).containsExactly(DIGIT);
        assertThat(header()).containsExactly((byte) bits, (byte) colourType);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void greyPngOfFewLevels(int bits) throws IOException {
        byte[] expected = new byte[DIGIT.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) (level(i, bits) * 255 / ((1 << bits) - 1));
        }

        assertThat(read(levels(bits), "png").pixels()).containsExactly(expected);
        assertThat(header()).containsExactly((byte) bits, (byte) 0);
    }

    @ParameterizedTest
    @CsvSource({"8, false, 2", "16, false, 2", "8, true, 6", "16, true, 6"})
    void colourPng(int bits, boolean alpha, int colourType) throws IOException {
        assertThat(read(colour(bits, alpha), "png").pixels()).containsExactly(DIGIT);
        assertThat(header()).containsExactly((byte) bits, (byte) colourType);
    }

    /** @param transparent makes black transparent: what is light is then drawn on nothing */
    private static BufferedImage palette(boolean transparent) {
        byte[] levels = new byte[256];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) (i == 255 ? 255 : i);
        }
        byte[] blue = levels.clone();
        // One entry that no pixel uses is no grey, else the writer would make it a grey picture.
        int unused = unusedLevel();
        blue[unused] = (byte) (unused ^ 0x80);
        IndexColorModel model = transparent
                ? new IndexColorModel(8, 256, levels, levels, blue, 0)
                : new IndexColorModel(8, 256, levels, levels, blue);
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_INDEXED, model);
        for (int i = 0; i < DIGIT.length; i++) {
            image.getRaster().setSample(i % SIDE, i / SIDE, 0, sample(i));
        }
        return image;
    }

    private static int unusedLevel() {
        for (int level = 1; level < 256; level++) {
            int wanted = level;
            if (IntStream.range(0, DIGIT.length).noneMatch(i -> sample(i) == wanted)) {
                return level;
            }
        }
        throw new AssertionError("The digit has all levels");
    }

    @Test
    void palettePng() throws IOException {
        assertThat(read(palette(false), "png").pixels()).containsExactly(DIGIT);
        assertThat(header()).containsExactly((byte) 8, (byte) 3);
    }

    @Test
    void palettePngWithInvertedDigitOnTransparency() throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < DIGIT.length; i++) {
            image.setRGB(i % SIDE, i / SIDE, sample(i) << 24);
        }

        InputPicture picture = read(image, "png");

        assertThat(picture.inverted()).isTrue();
        assertThat(picture.pixels()).containsExactly(DIGIT);
    }

    @Test
    void whiteOnTransparentIsTakenOnBlack() throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < DIGIT.length; i++) {
            image.setRGB(i % SIDE, i / SIDE, sample(i) << 24 | 0xFFFFFF);
        }

        InputPicture picture = read(image, "png");

        assertThat(picture.inverted()).isFalse();
        assertThat(picture.pixels()).containsExactly(DIGIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bmp", "gif", "tiff"})
    void otherFormats(String format) throws IOException {
        assertThat(read(format.equals("gif") ? palette(false) : grey(8, false), format)
                        .pixels())
                .containsExactly(DIGIT);
        assertThat(read(format.equals("gif") ? palette(false) : rgb(), format).pixels())
                .containsExactly(DIGIT);
    }

    private static BufferedImage rgb() {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < DIGIT.length; i++) {
            image.setRGB(i % SIDE, i / SIDE, sample(i) * 0x010101);
        }
        return image;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jpegWithinWhatItsCompressionLoses(boolean grey) throws IOException {
        byte[] pixels = read(grey ? grey(8, false) : rgb(), "jpeg").pixels();

        double sum = 0;
        for (int i = 0; i < DIGIT.length; i++) {
            sum += Math.abs((pixels[i] & 0xFF) - sample(i));
        }
        assertThat(sum / DIGIT.length).isLessThan(6);
    }

    @Test
    void aCropOfAContactSheet() throws IOException {
        byte[] two = new byte[2 * DIGIT.length];
        System.arraycopy(DIGIT, 0, two, 0, DIGIT.length);
        System.arraycopy(DIGIT, 0, two, DIGIT.length, DIGIT.length);
        Path sheet = folder.resolve("sheet.png");
        ContactSheet.write(new Dataset("two", SIDE, SIDE, 2, two, new byte[] {0, 1}), 1, sheet);
        BufferedImage crop = ImageIO.read(sheet.toFile()).getSubimage(0, SIDE, SIDE, SIDE);

        assertThat(read(crop, "png").pixels()).containsExactly(DIGIT);
    }

    /** As a camera stores it that was held in some way: turned back by the orientation, it stands upright. */
    private static BufferedImage stored(int orientation) {
        int side = 200;
        BufferedImage upright = new BufferedImage(side, side + 40, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = upright.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, side, side + 40);
        graphics.setColor(Color.BLACK);
        graphics.fillRect(40, 40, 100, 16);
        graphics.fillRect(124, 40, 16, 150);
        graphics.dispose();
        GreyImage image = Luminance.of(upright).on(255);
        // Turning by a quarter is undone by a quarter the other way, everything else by itself.
        int undone = orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
        GreyImage turned = image.oriented(undone);
        BufferedImage result = new BufferedImage(turned.width(), turned.height(), BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < turned.height(); y++) {
            for (int x = 0; x < turned.width(); x++) {
                result.getRaster().setSample(x, y, 0, turned.at(x, y));
            }
        }
        return result;
    }

    /** An EXIF block (TIFF, big-endian) with nothing but the orientation. */
    private static byte[] exif(int orientation) {
        return ByteBuffer.allocate(26)
                .put("MM\0*".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }

    private Path withExif(BufferedImage image, int orientation, String format) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        ImageIO.write(image, format, encoded);
        byte[] whole = encoded.toByteArray();
        byte[] exif = exif(orientation);
        int at;
        ByteBuffer block;
        if (format.equals("jpeg")) {
            at = 2;
            block = ByteBuffer.allocate(10 + exif.length)
                    .putShort((short) 0xFFE1)
                    .putShort((short) (8 + exif.length))
                    .put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1))
                    .put(exif);
        } else {
            at = 8 + 25;
            block = ByteBuffer.allocate(12 + exif.length)
                    .putInt(exif.length)
                    .put("eXIf".getBytes(StandardCharsets.ISO_8859_1))
                    .put(exif);
            CRC32 crc = new CRC32();
            crc.update(block.array(), 4, 4 + exif.length);
            block.putInt((int) crc.getValue());
        }
        Path file = folder.resolve("camera." + format);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(whole, 0, at);
        out.write(block.array());
        out.write(whole, at, whole.length - at);
        return Files.write(file, out.toByteArray());
    }

    @ParameterizedTest
    @CsvSource({"jpeg, 6", "jpeg, 8"})
    void jpegHeldInSomeWayStandsUpright(String format, int orientation) throws IOException {
        assertUpright(format, orientation);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void pngHeldInSomeWayStandsUpright(int orientation) throws IOException {
        assertUpright("png", orientation);
    }

    private void assertUpright(String format, int orientation) throws IOException {
        byte[] expected =
                Digits.read(withExif(stored(1), 1, format), Inversion.AUTO).pixels();

        InputPicture picture = Digits.read(withExif(stored(orientation), orientation, format), Inversion.AUTO);

        assertThat(picture.remarks()).isEmpty();
        for (int i = 0; i < expected.length; i++) {
            assertThat(picture.pixels()[i] & 0xFF).isCloseTo(expected[i] & 0xFF, within(8));
        }
    }

    @ParameterizedTest
    @CsvSource({"jpeg, 16, 127", "png, 39, 49"})
    void damagedMetadataDoNotHideThePicture(String format, int at, byte damage) throws IOException {
        Path file = withExif(stored(1), 1, format);
        byte[] expected = Digits.read(file, Inversion.AUTO).pixels();
        byte[] bytes = Files.readAllBytes(file);
        // In the JPEG, the offset of the first directory leads out of the block; in the PNG, the chunk's type is
        // "eX1f".
        bytes[at] = damage;
        Files.write(file, bytes);

        InputPicture picture = Digits.read(file, Inversion.AUTO);

        assertThat(picture.pixels()).containsExactly(expected);
        if (format.equals("png")) {
            assertThat(picture.remarks())
                    .singleElement()
                    .asString()
                    .startsWith("has metadata that cannot be read (")
                    .endsWith("); it is taken to stand upright");
        }
    }

    private static BufferedImage even(int side, int grey, boolean transparent) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < side * side; i++) {
            image.setRGB(i % side, i / side, (transparent ? 0 : 0xFF000000) | grey * 0x010101);
        }
        return image;
    }

    @ParameterizedTest
    @CsvSource({"28, 255, false", "28, 0, false", "28, 128, false", "28, 255, true", "280, 255, false", "280, 0, true"})
    void whatShowsNothingIsRefusedAtEverySize(int side, int grey, boolean transparent) {
        assertThatThrownBy(() -> read(even(side, grey, transparent), "png"))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("digit.png shows no digit: all of it has about the same brightness.");
    }

    /** A grey or white digit on grey or black paper, whose border lies on the other side of the middle than one expects. */
    @ParameterizedTest
    @CsvSource({
        "28, 120, 0, true",
        "28, 110, 200, false",
        "28, 200, 250, false",
        "280, 120, 0, true",
        "280, 110, 200, false",
        "280, 200, 250, false"
    })
    void darkOnLightIsToldByWhatIsFartherFromTheBorder(int side, int paper, int ink, boolean inverted)
            throws IOException {
        BufferedImage image = even(side, paper, false);
        for (int y = side / 4; y < side * 3 / 4; y++) {
            for (int x = side * 3 / 7; x < side * 4 / 7; x++) {
                image.setRGB(x, y, 0xFF000000 | ink * 0x010101);
            }
        }

        assertThat(read(image, "png").inverted()).isEqualTo(inverted);
        Path file = folder.resolve("digit.png");
        assertThat(Digits.read(file, inverted ? Inversion.YES : Inversion.NO).pixels())
                .containsExactly(Digits.read(file, Inversion.AUTO).pixels());
    }
}
