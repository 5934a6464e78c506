package bpnn.images;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.mnist.DataSplit;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFolderTest {
    private static final Dataset DATA = SampleSets.images("", ImageShape.grey(6, 5), List.of("a", "b", "c"), 60, 0);

    @TempDir
    Path folder;

    private Path root;
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void draw() {
        root = folder.resolve("pictures");
    }

    private DataSplit load(String size) {
        return ImageSets.load(
                root,
                new ReadOptions(size == null ? null : ImageSize.parse(size), 1, folder.resolve("cache"), notices::add));
    }

    @Test
    void numberedPicturesAreInTheOrderOfTheirNumbers() {
        SampleSets.pictures(root.resolve("train"), DATA, "");
        SampleSets.pictures(root.resolve("test"), DATA, "");

        assertThat(load(null).train().pixels()).isEqualTo(DATA.pixels());
        assertThat(load(null).train().labels()).isEqualTo(DATA.labels());
    }

    /** The validation images are the last ones, so these must not all be of one class. */
    @Test
    void otherPicturesAreInAnOrderThatIsAFairSample() {
        for (int i = 0; i < DATA.size(); i++) {
            String of = DATA.classNames().get(DATA.label(i));
            SampleSets.picture(SampleSets.folder(root, "train/" + of).resolve(of + "_" + i + ".png"), DATA, i);
        }
        SampleSets.pictures(root.resolve("test"), DATA, "");

        DataSplit split = load(null);

        BitSet last = new BitSet();
        for (int i = 48; i < 60; i++) {
            last.set(split.train().label(i));
        }
        assertThat(last.cardinality()).isEqualTo(3);
        assertThat(load(null).trainSha256()).isEqualTo(split.trainSha256());
    }

    @Test
    void decodedPixelsAreKeptUntilAPictureChanges() throws IOException {
        SampleSets.pictures(root, DATA, "p");
        DataSplit first = load(null);
        DataSplit second = load(null);

        assertThat(notices).hasSize(1);
        assertThat(second.trainSha256()).isEqualTo(first.trainSha256());
        assertThat(second.warnings()).isEqualTo(first.warnings());
        assertThat(second.train().format()).isEqualTo(first.train().format());

        Path changed = root.resolve("b/p1.png");
        SampleSets.picture(changed, DATA, 0);
        Files.setLastModifiedTime(changed, FileTime.fromMillis(1_000_000));
        DataSplit third = load(null);

        assertThat(notices).hasSize(2);
        assertThat(third.trainSha256() + third.testSha256()).isNotEqualTo(first.trainSha256() + first.testSha256());
    }

    @Test
    void damagedPixelsAreDecodedAgain() throws IOException {
        SampleSets.pictures(root, DATA, "p");
        DataSplit first = load(null);
        Path kept;
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            kept = files.filter(file -> file.toString().endsWith(".pixels"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] content = Files.readAllBytes(kept);
        for (int place : new int[] {3, 35, 44, 48, 100, 400, content.length - 40, content.length - 1}) {
            byte[] damaged = content.clone();
            damaged[place] ^= 0x41;
            Files.write(kept, damaged);

            assertThat(load(null).trainSha256()).as("byte %d", place).isEqualTo(first.trainSha256());
        }
        Files.write(kept, new byte[] {1, 2, 3});
        assertThat(load(null).trainSha256()).isEqualTo(first.trainSha256());
    }

    @Test
    void picturesOfSeveralSizesAreBroughtToOne() throws IOException {
        for (int i = 0; i < 20; i++) {
            BufferedImage picture = new BufferedImage(40 + i, 80, BufferedImage.TYPE_INT_RGB);
            Graphics2D canvas = picture.createGraphics();
            canvas.setColor(i % 2 == 0 ? Color.RED : Color.BLUE);
            canvas.fillRect(0, 0, 100, 100);
            canvas.dispose();
            Path file = SampleSets.folder(root, i % 2 == 0 ? "red" : "blue").resolve("p" + i + ".png");
            ImageIO.write(picture, "png", file.toFile());
        }

        DataSplit split = load(null);

        assertThat(split.train().format().shape()).isEqualTo(new ImageShape(32, 32, 3));
        assertThat(split.warnings())
                .anySatisfy(line -> assertThat(line).contains("are of several sizes; they are brought to 32x32"));
        for (int i = 0; i < split.train().size(); i++) {
            boolean red = split.train().classNames().get(split.train().label(i)).equals("red");
            int at = i * split.train().features();
            assertThat(split.train().pixels()[at]).isEqualTo((byte) (red ? 255 : 0));
            assertThat(split.train().pixels()[at + 2]).isEqualTo((byte) (red ? 0 : 255));
        }
        assertThat(load("8x4x1").train().format().shape()).isEqualTo(ImageShape.grey(8, 4));
        assertThat(load("8x4").train().format().shape()).isEqualTo(new ImageShape(8, 4, 3));
    }

    /** Folders called by numbers are as many classes as there are folders, under their own names. */
    @Test
    void numbersOfFoldersAreNames() {
        SampleSets.pictures(
                root.resolve("train"),
                SampleSets.images("", ImageShape.grey(4, 4), List.of("00007", "00010", "2024"), 30, 0),
                "");
        SampleSets.pictures(
                root.resolve("test"),
                SampleSets.images("", ImageShape.grey(4, 4), List.of("00007", "2024"), 10, 0),
                "");

        DataSplit split = load(null);

        assertThat(split.train().classNames()).containsExactly("00007", "00010", "2024");
        assertThat(split.test().label(1)).isEqualTo(2);
        assertThat(split.warnings()).isEmpty();
    }

    @Test
    void aFolderThatIsCalledTrainMayBeAClass() {
        SampleSets.pictures(
                root, SampleSets.images("", ImageShape.grey(4, 4), List.of("car", "plane", "train"), 30, 0), "p");
        SampleSets.folder(root, "test");

        DataSplit split = load(null);

        assertThat(split.train().classNames()).containsExactly("car", "plane", "train");
    }

    @Test
    void aPartForValidationIsUsed() {
        for (String part : List.of("train", "valid", "test")) {
            SampleSets.pictures(root.resolve(part), DATA, "");
        }

        DataSplit split = load(null);

        assertThat(split.validation()).isNotNull();
        assertThat(split.validation().size()).isEqualTo(60);
        assertThat(split.warnings()).isEmpty();
    }

    @Test
    void drawnTestImagesAreTheSameShareOfEachClass() {
        Dataset many = SampleSets.images("", ImageShape.grey(4, 4), ImageFormat.numbers(3), 210, 0);
        byte[] before = many.pixels().clone();
        TestDraw draw = TestDraw.of(many, 1);
        int[] all = new int[3];
        int[] drawn = new int[3];
        for (int label : many.labels()) {
            all[label]++;
        }
        for (int label : draw.test().labels()) {
            drawn[label]++;
        }
        for (int of = 0; of < 3; of++) {
            assertThat(drawn[of]).isEqualTo((int) Math.round(all[of] / 7.0));
        }
        assertThat(draw.train().size()).isEqualTo(210 - draw.test().size());
        Dataset untouched = new Dataset("before", many.format(), before, many.labels());
        assertThat(SharedImages.between(untouched, draw.train()).contradicting())
                .isZero();
        assertThat(SharedImages.between(untouched, draw.train()).images())
                .hasSize(draw.train().size());
        assertThat(SharedImages.between(untouched, draw.test()).images())
                .hasSize(draw.test().size());
        assertThat(SharedImages.between(draw.train(), draw.test()).images()).isEmpty();
    }
}
