package bpnn.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.mnist.DataSplit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets that are damaged: each is refused in a sentence about the file, or read with a warning that names it. */
class DamagedSetsTest {
    private static final Dataset SMALL = SampleSets.images("", ImageShape.grey(4, 4), ImageFormat.numbers(3), 30, 0);

    @TempDir
    Path folder;

    private DataSplit load(Path place) {
        return ImageSets.load(place, new ReadOptions(null, 1, folder.resolve("cache"), sentence -> {}));
    }

    private void refused(Path place, String... words) {
        assertThatThrownBy(() -> load(place))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(words)
                .hasMessageEndingWith(".")
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("Exception");
    }

    private Path csv(String name, String text) {
        Path file = folder.resolve(name);
        SampleSets.write(file, text.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    /** The table of small images with a line changed. */
    private static String changed(int line, String pattern, String replacement) {
        String[] lines = SampleSets.csv(SMALL).split("\n", -1);
        lines[line - 1] = lines[line - 1].replaceFirst(pattern, replacement);
        return String.join("\n", lines);
    }

    @Test
    void aRaggedRowIsNamedByItsLine() {
        refused(
                csv("ragged.csv", changed(7, ",\\d+$", "")),
                "Line 7 of",
                "ragged.csv",
                "has 16 fields, but 17 are expected");
        refused(
                csv("ragged.csv", changed(9, "$", ",3")),
                "Line 9 of",
                "ragged.csv",
                "has 18 fields, but 17 are expected");
    }

    @Test
    void aPixelOf256IsNamedByItsPlace() {
        refused(csv("bright.csv", changed(5, ",\\d+,", ",256,")), "Line 5 of", "bright.csv", "\"256\" in column 2");
        refused(csv("bright.csv", changed(5, ",\\d+,", ",-1,")), "Line 5 of", "\"-1\" in column 2");
        refused(csv("bright.csv", changed(5, ",\\d+,", ",0.5,")), "Line 5 of", "\"0.5\" in column 2");
        refused(csv("bright.csv", changed(5, ",\\d+,", ",,")), "Line 5 of", "\"\" in column 2");
    }

    @Test
    void aMissingLabelIsNamedByItsLine() {
        refused(csv("unlabelled.csv", changed(12, "^\\d+", "")), "Line 12 of", "unlabelled.csv", "has no label");
    }

    @Test
    void aTableWithoutImagesOrWithoutASquareIsRefused() {
        refused(csv("empty.csv", ""), "empty.csv", "holds no image");
        refused(csv("names.csv", "label,pixel0,pixel1\n"), "names.csv", "holds no image");
        refused(csv("odd.csv", "0,1,2\n1,3,4\n"), "odd.csv", "has 2 pixels in a line", "--image-size");
        refused(csv("prose.csv", "once upon a time\nthere was\n"), "prose.csv", "has one column only");
        refused(
                csv("two.csv", "colour,kind,p0\nred,a,1\n"),
                "two.csv",
                "does not tell what its columns are",
                "colour, kind");
        refused(csv("torn.csv.gz", "\u001f"), "torn.csv.gz");
    }

    /** Pixels that somebody divided by 255 are no first line of names. */
    @Test
    void fractionsAreNamedAsSuch() {
        refused(csv("scaled.csv", "5,0.0,0.5,1.0,0.25\n"), "Line 1 of", "scaled.csv", "\"0.0\" in column 2");
    }

    @Test
    void aFolderWithOneClassIsRefused() {
        SampleSets.pictures(
                folder.resolve("one/train"),
                SampleSets.images("", SMALL.format().shape(), List.of("cat"), 3, 0),
                "");

        refused(folder.resolve("one"), "train", "has pictures of one class only, cat");
    }

    @Test
    void anEmptyClassIsLeftOutWithAWarning() {
        SampleSets.pictures(folder.resolve("some"), SMALL, "p");
        SampleSets.folder(folder, "some/nothing");

        DataSplit split = load(folder.resolve("some"));

        assertThat(split.train().classNames()).containsExactly("0", "1", "2");
        assertThat(split.warnings()).anySatisfy(line -> assertThat(line).contains("nothing", "holds no picture"));
    }

    @Test
    void aBrokenPictureIsNamedAndCounted() throws IOException {
        Path root = folder.resolve("broken");
        SampleSets.pictures(root, SMALL, "p");
        Path victim = root.resolve("1/p1.png");
        byte[] bytes = Files.readAllBytes(victim);
        Files.write(victim, Arrays.copyOf(bytes, bytes.length / 2));

        for (int time = 0; time < 2; time++) {
            DataSplit split = load(root);
            assertThat(split.train().size() + split.test().size()).isEqualTo(29);
            assertThat(split.warnings())
                    .anySatisfy(line -> assertThat(line).contains("1 of the 30 pictures of", victim.toString()));
        }
    }

    /** 60,000 x 60,000 pixels in a file of 70 bytes: refused by its header, before anything is unpacked. */
    @Test
    void aPictureBombIsNamedAndCounted() {
        Path root = folder.resolve("bomb");
        SampleSets.pictures(root, SMALL, "p");
        SampleSets.write(root.resolve("2/bomb.png"), pngHeader(60_000, 60_000));

        DataSplit split = load(root);

        assertThat(split.warnings())
                .anySatisfy(line -> assertThat(line).contains("bomb.png", "is 60000x60000 pixels large"));
    }

    private static byte[] pngHeader(int width, int height) {
        ByteBuffer file = ByteBuffer.allocate(8 + 25 + 12);
        file.putLong(0x89504E470D0A1A0AL);
        int from = file.position() + 4;
        file.putInt(13).putInt(0x49484452).putInt(width).putInt(height).put(new byte[] {8, 0, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(file.array(), from, 17);
        return file.putInt((int) crc.getValue())
                .putInt(0)
                .putInt(0x49454E44)
                .putInt(0xAE426082)
                .array();
    }

    private Path npz(String name, Map<String, byte[]> changes) {
        Map<String, byte[]> arrays = new TreeMap<>(Map.of(
                "x_train", SampleSets.npy("|u1", new byte[40], 10, 2, 2),
                "y_train", SampleSets.npy("|u1", new byte[] {0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 10),
                "x_test", SampleSets.npy("|u1", new byte[16], 4, 2, 2),
                "y_test", SampleSets.npy("|u1", new byte[] {0, 1, 0, 1}, 4)));
        changes.forEach((array, content) -> {
            if (content.length == 0) {
                arrays.remove(array);
            } else {
                arrays.put(array, content);
            }
        });
        Path file = folder.resolve(name);
        SampleSets.write(file, SampleSets.npz(arrays));
        return file;
    }

    @Test
    void anArchiveWithoutTestPartGetsOneAndSaysSo() {
        Path file = npz("train-only.npz", Map.of("x_test", new byte[0], "y_test", new byte[0]));

        DataSplit split = load(file);

        assertThat(split.test().size()).isEqualTo(2);
        assertThat(split.warnings())
                .singleElement()
                .asString()
                .contains("train-only.npz", "has no test images; 2 of its 10 images, drawn by --split-seed 1");
    }

    @Test
    void swappedShapesAreNamed() {
        refused(
                npz("swapped.npz", Map.of("x_train", SampleSets.npy("|u1", new byte[40], 2, 2, 10))),
                "swapped.npz",
                "\"x_train\" holds 2 images (its shape is [2, 2, 10]), but \"y_train\" holds 10 labels");
        refused(
                npz("half.npz", Map.of("y_test", new byte[0])),
                "half.npz",
                "the images of the test part, but not the labels");
        refused(
                npz("floats.npz", Map.of("x_train", SampleSets.npy("<f4", new byte[160], 10, 2, 2))),
                "floats.npz",
                "\"x_train\" has the type <f4, but only whole numbers");
        refused(
                npz("many.npz", Map.of("y_train", SampleSets.npy("|u1", new byte[140], 10, 14))),
                "many.npz",
                "one label for each image is needed");
        refused(
                npz("short.npz", Map.of("x_train", SampleSets.npy("|u1", new byte[39], 10, 2, 2))),
                "short.npz",
                "claims 40 bytes, but has 39");
        refused(
                npz("other-size.npz", Map.of("x_test", SampleSets.npy("|u1", new byte[24], 4, 2, 3))),
                "other-size.npz",
                "2x2 pixels, but those of",
                "2x3");
    }

    @Test
    void anArchiveOfSomethingElseIsRefused() {
        Path file = folder.resolve("weights.npz");
        SampleSets.write(file, SampleSets.npz(Map.of("fc1.weight", SampleSets.npy("<f4", new byte[16], 2, 2))));
        refused(file, "weights.npz", "should hold x_train and y_train");
        SampleSets.write(file, new byte[] {1, 2, 3});
        refused(file, "weights.npz", "could not be read as an archive of NumPy");
    }

    @Test
    void cifarCutOffIsNamed() throws IOException {
        Path cifar = SampleSets.cifar10(folder);
        Path batch = cifar.resolve("cifar-10-batches-bin/data_batch_3.bin");
        byte[] bytes = Files.readAllBytes(batch);
        Files.write(batch, Arrays.copyOf(bytes, bytes.length - 1));
        refused(cifar, "data_batch_3.bin is cut off", "records of 3073 bytes");

        Files.delete(batch);
        refused(cifar, "data_batch_3.bin", "could not be read");
    }

    @Test
    void aLabelWithoutANameIsNamed() throws IOException {
        Path cifar = SampleSets.cifar10(folder);
        Path batch = cifar.resolve("cifar-10-batches-bin/test_batch.bin");
        byte[] bytes = Files.readAllBytes(batch);
        bytes[3073] = 77;
        Files.write(batch, bytes);

        refused(cifar, "test_batch.bin", "gives image 1 the label 77, but there are names for 0 to 9");
    }

    @Test
    void gapsBetweenLabelsAreSaid() {
        Path file = csv("gaps.csv", SampleSets.csv(SMALL).replaceAll("(?m)^1,", "7,"));

        DataSplit split = load(file);

        assertThat(split.train().classes()).isEqualTo(8);
        assertThat(split.warnings())
                .anySatisfy(line -> assertThat(line).contains("gaps.csv", "no image has the label 1, 3, 4, 5, 6"));
    }

    @Test
    void twoReadersThatBothFitAreNamed() {
        Path both = SampleSets.folder(folder, "both");
        SampleSets.plainCsv(both, SMALL, SMALL);
        SampleSets.kerasNpz(both.resolve("mnist.npz"), SMALL, SMALL);

        refused(both, "both", "can be read in several ways: as the archive mnist.npz and as tables of CSV");

        SampleSets.kerasNpz(folder.resolve("two/a.npz"), SMALL, SMALL);
        SampleSets.kerasNpz(folder.resolve("two/b.npz"), SMALL, SMALL);
        refused(folder.resolve("two"), "holds several archives of NumPy", "a.npz", "b.npz");
    }

    @Test
    void whatIsNoDataSetIsRefused() {
        refused(folder.resolve("nowhere"), "nowhere", "does not exist");
        refused(csv("notes.txt", "x"), "notes.txt", "is no data set that can be read");
        refused(SampleSets.folder(folder, "hollow"), "hollow", "is empty");
        csv("three/one.csv", "0,1\n");
        csv("three/two.csv", "0,1\n");
        refused(folder.resolve("three"), "cannot be told which of these tables is for training", "one.csv", "two.csv");
    }

    @Test
    void namesOfClassesAreFitForATerminal() {
        Path file = csv("names.csv", "\u001b[31mred,1\nblue,2\nblue,3\n\u001b[31mred,4\nblue,9\nblue,8\nblue,7\n");

        assertThat(load(file).train().classNames()).containsExactly("?[31mred", "blue");
    }
}
