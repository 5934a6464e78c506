package bpnn.images;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.data.Dataset;
import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.mnist.DataSplit;
import bpnn.mnist.SyntheticDigits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSetsTest {
    @TempDir
    Path folder;

    private DataSplit load(Path place) {
        return ImageSets.load(place, options(null));
    }

    private ReadOptions options(ImageSize size) {
        return new ReadOptions(size, 1, folder.resolve("cache"), sentence -> {});
    }

    /** The order of images, their pixels and their labels are the same, whatever they lie in. */
    @Test
    void theSameDigitsAreTheSameDataSetInEveryFormat() {
        DataSplit digits = SyntheticDigits.generate(3, 120, 40);
        Path png = folder.resolve("png");
        SampleSets.pictures(png.resolve("training"), digits.train(), "");
        SampleSets.pictures(png.resolve("testing"), digits.test(), "");
        List<Path> places = List.of(
                SampleSets.idx(SampleSets.folder(folder, "idx"), digits.train(), digits.test()),
                SampleSets.kerasNpz(folder.resolve("mnist.npz"), digits.train(), digits.test()),
                SampleSets.plainCsv(SampleSets.folder(folder, "csv"), digits.train(), digits.test()),
                png);

        assertThat(places).allSatisfy(place -> {
            DataSplit read = load(place);
            assertThat(read.trainSha256()).isEqualTo(digits.trainSha256());
            assertThat(read.testSha256()).isEqualTo(digits.testSha256());
            assertThat(read.train().format()).isEqualTo(digits.train().format());
            assertThat(read.warnings()).isEmpty();
        });
    }

    @Test
    void fashionHasTenClassesAndWholePictures() {
        DataSplit split = load(SampleSets.fashion(folder));

        assertSame(split.train(), SampleSets.images("", ImageShape.grey(28, 28), ImageFormat.numbers(10), 180, 0));
        assertThat(split.train().format().framing()).isEqualTo(Framing.WHOLE);
        assertThat(split.train().classNames()).isEqualTo(ImageFormat.numbers(10));
    }

    @Test
    void lettersStandUprightUnderTheirNames() {
        DataSplit split = load(SampleSets.emnistLetters(folder));

        assertThat(split.train().classNames())
                .hasSize(26)
                .startsWith("Aa", "Bb")
                .endsWith("Zz");
        assertSame(
                split.train(),
                SampleSets.images("", ImageShape.grey(28, 28), split.train().classNames(), 360, 5));
        assertThat(split.train().name()).isEqualTo("emnist-letters");
    }

    @Test
    void theFirstColumnOfQmnistIsTheClass() {
        DataSplit split = load(SampleSets.qmnist(folder));

        assertSame(split.test(), SampleSets.images("", ImageShape.grey(28, 28), ImageFormat.numbers(10), 60, 4));
    }

    @Test
    void cifarHasColoursAndNames() {
        DataSplit split = load(SampleSets.cifar10(folder));

        assertThat(split.train().classNames()).startsWith("airplane").endsWith("truck");
        assertSame(
                split.train(),
                SampleSets.images("", new ImageShape(32, 32, 3), split.train().classNames(), 180, 0));
        assertThat(split.test().size()).isEqualTo(60);
    }

    @Test
    void medMnistHasAPartForValidationOfItsOwn() {
        DataSplit split = load(SampleSets.medMnist(folder));

        assertThat(split.validation()).isNotNull();
        assertSame(split.validation(), SampleSets.images("", new ImageShape(28, 28, 3), ImageFormat.numbers(4), 30, 3));
        assertThat(load(folder.resolve("med")).trainSha256()).isEqualTo(split.trainSha256());
    }

    @Test
    void kaggleHasNoTestLabelsSoImagesAreDrawn() {
        DataSplit split = load(SampleSets.kaggleCsv(folder));

        assertThat(split.train().size() + split.test().size()).isEqualTo(SampleSets.TRAIN);
        assertThat(split.test().size()).isBetween(20, 30);
        assertThat(split.warnings())
                .anySatisfy(line -> assertThat(line).contains("test.csv has no labels"))
                .anySatisfy(line -> assertThat(line).contains("train.csv has no test images", "--split-seed 1"));
        assertThat(split.facts().get("split")).contains("drawn by seed 1");
        DataSplit again = ImageSets.load(
                folder.resolve("kaggle"), new ReadOptions(null, 2, folder.resolve("cache"), sentence -> {}));
        assertThat(again.testSha256()).isNotEqualTo(split.testSha256());
    }

    @Test
    void picturesHaveTheNamesOfTheirFolders() {
        DataSplit split = load(SampleSets.imageFolder(folder));

        assertThat(split.train().classNames()).containsExactly("cat", "dog", "guinea pig");
        assertThat(split.train().format().shape()).isEqualTo(new ImageShape(24, 20, 3));
        assertThat(split.train().size()).isEqualTo(SampleSets.TRAIN);
        assertThat(split.test().size()).isEqualTo(SampleSets.TEST);
    }

    @Test
    void aTableMayHaveItsLabelLastAndInWords() {
        Dataset data = SampleSets.images("", ImageShape.grey(4, 4), List.of("left", "right"), 40, 0);
        StringBuilder text = new StringBuilder("id;");
        for (int i = 0; i < 16; i++) {
            text.append("px").append(i).append(';');
        }
        text.append("Label\n");
        SampleSets.csv(data)
                .lines()
                .forEach(line -> text.append("7;")
                        .append(line.substring(line.indexOf(',') + 1).replace(',', ';'))
                        .append(';')
                        .append(line, 0, line.indexOf(','))
                        .append("\r\n"));
        Path file = folder.resolve("label-last.csv");
        SampleSets.write(file, text.toString().getBytes(StandardCharsets.UTF_8));

        DataSplit split = load(file);

        assertThat(split.train().classNames()).containsExactly("left", "right");
        assertThat(split.train().format().shape()).isEqualTo(ImageShape.grey(4, 4));
        assertThat(split.train().size() + split.test().size()).isEqualTo(40);
    }

    @Test
    void aTableMayHoldColoursOrAnotherShape() {
        Dataset colour = SampleSets.images("", new ImageShape(3, 3, 3), ImageFormat.numbers(2), 20, 0);
        Path file = folder.resolve("colour.csv");
        SampleSets.write(file, SampleSets.csv(colour).getBytes(StandardCharsets.US_ASCII));
        assertThat(load(file).train().format().shape()).isEqualTo(new ImageShape(3, 3, 3));

        Dataset oblong = SampleSets.images("", ImageShape.grey(3, 9), ImageFormat.numbers(2), 20, 0);
        SampleSets.write(file, SampleSets.csv(oblong).getBytes(StandardCharsets.US_ASCII));
        assertThat(ImageSets.load(file, options(ImageSize.parse("3x9")))
                        .train()
                        .format()
                        .shape())
                .isEqualTo(ImageShape.grey(3, 9));
    }

    @Test
    void arraysOfOtherWholeNumbersAndInFortransOrderAreReadToo() {
        byte[] pixels = {1, 4, 2, 5, 3, 6};
        byte[] labels = {1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
        byte[] columnsFirst = SampleSets.npy(
                "{'descr': '|u1', 'fortran_order': True, 'shape': (3, 1, 2), }", new byte[] {1, 2, 3, 4, 5, 6});
        Map<String, byte[]> arrays = Map.of(
                "train_images", columnsFirst,
                "train_labels", SampleSets.npy("<i8", labels, 3),
                "test_images", SampleSets.npy("|u1", pixels, 3, 1, 2),
                "test_labels", SampleSets.npy("<i8", labels, 3));
        Path file = folder.resolve("arrays.npz");
        SampleSets.write(file, SampleSets.npz(arrays));

        DataSplit split = load(file);

        assertThat(split.train().pixels()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(split.train().labels()).containsExactly(0, 1, 0);
        assertThat(split.train().classNames()).containsExactly("1", "2");
        assertThat(split.testSha256()).isEqualTo(split.trainSha256());
    }

    @Test
    void aThousandClassesNeedTwoBytesEach() {
        List<String> classes = ImageFormat.numbers(1000);
        Dataset data = SampleSets.images("", ImageShape.grey(2, 2), classes, 3000, 0);
        Path file = folder.resolve("thousand.csv");
        SampleSets.write(file, SampleSets.csv(data).getBytes(StandardCharsets.US_ASCII));

        DataSplit split = load(file);

        assertThat(split.train().classes()).isEqualTo(1000);
        List<Integer> labels = new ArrayList<>();
        for (int label : split.train().labels()) {
            labels.add(label);
        }
        assertThat(labels).contains(0, 255, 256, 999);
    }

    private static void assertSame(Dataset actual, Dataset expected) {
        assertThat(actual.format().shape()).isEqualTo(expected.format().shape());
        assertThat(actual.pixels()).isEqualTo(expected.pixels());
        assertThat(actual.labels()).isEqualTo(expected.labels());
    }
}
