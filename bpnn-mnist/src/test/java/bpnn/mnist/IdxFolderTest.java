package bpnn.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import bpnn.data.DataException;
import bpnn.data.ImageShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFolderTest {
    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
    private static final byte[] LETTERS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

    @TempDir
    Path folder;

    @BeforeEach
    void writeAGoodDataSet() throws IOException {
        IdxBytes.writePlain(folder, IdxBytes.dataSet());
    }

    @Test
    void readsAPlainFolder() {
        DataSplit split = IdxFolder.load(folder);

        assertThat(split.train().name()).isEqualTo(folder.getFileName().toString());
        assertThat(split.train().size()).isEqualTo(3);
        assertThat(split.train().height()).isEqualTo(4);
        assertThat(split.train().width()).isEqualTo(3);
        assertThat(split.train().labels()).containsExactly(7, 0, 9);
        assertThat(split.train().pixels()).hasSize(36).startsWith(3, 34, 65);
        assertThat(split.test().labels()).containsExactly(1, 2);
    }

    @Test
    void compressionAndSpellingDoNotMatter() throws IOException {
        DataSplit plain = IdxFolder.load(folder);
        for (IdxPart part : IdxPart.values()) {
            Path file = folder.resolve(part.fileName());
            Files.write(
                    folder.resolve(part.packedName().replace("-idx", ".idx")), IdxBytes.gzip(Files.readAllBytes(file)));
            Files.delete(file);
        }

        DataSplit packed = IdxFolder.load(folder);

        assertThat(packed.trainSha256()).isEqualTo(plain.trainSha256()).isNotEqualTo(plain.testSha256());
        assertThat(packed.testSha256()).isEqualTo(plain.testSha256());
    }

    /** As the most downloaded archive of MNIST unpacks: some files in folders that bear their names, some beside them. */
    @Test
    void aFileMayLieInAFolderOfItsOwnName() throws IOException {
        String expected = IdxFolder.load(folder).trainSha256();
        for (IdxPart part : IdxPart.values()) {
            Path file = folder.resolve(part.fileName());
            Path moved = folder.resolve(part + ".moved");
            Files.move(file, moved);
            Files.createDirectory(file);
            boolean beside = part == IdxPart.TEST_LABELS;
            String dotted = part.fileName().replace("-idx", ".idx");
            Files.move(moved, beside ? folder.resolve(dotted) : file.resolve(part.fileName()));
        }

        assertThat(IdxFolder.load(folder).trainSha256()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "MNIST/raw"})
    void theFilesMayLieWherePyTorchPutsThem(String below) throws IOException {
        String expected = IdxFolder.load(folder).trainSha256();
        Files.createDirectories(folder.resolve(below));
        for (IdxPart part : IdxPart.values()) {
            Files.move(folder.resolve(part.fileName()), folder.resolve(below).resolve(part.fileName()));
        }

        DataSplit split = IdxFolder.load(folder);

        assertThat(split.trainSha256()).isEqualTo(expected);
        assertThat(split.train().name()).isEqualTo(folder.getFileName().toString());
    }

    /** Hundreds of times the size of its gzip file, and not a multiple of the chunk size. */
    @Test
    void readsAHighlyCompressedFile() throws IOException {
        byte[] pixels = new byte[3 * 401 * 499];
        pixels[pixels.length - 1] = 9;
        byte[] content = IdxBytes.file(new int[] {3, 401, 499}, pixels);
        write(TRAIN_IMAGES, IdxBytes.gzip(content));

        IdxFile file = IdxFile.read(folder.resolve(TRAIN_IMAGES), IdxPart.TRAIN_IMAGES);

        assertThat(pixels.length).isGreaterThan(100 * (int) Files.size(file.path()));
        assertThat(file.elements()).isEqualTo(pixels);
        assertThat(file.sha256()).isEqualTo(Sha256.of(content));
    }

    @Test
    void compressionIsDetectedByContent() throws IOException {
        write(TRAIN_IMAGES, IdxBytes.gzip(IdxBytes.images(3, 4, 3)));
        Files.move(folder.resolve(TRAIN_LABELS), folder.resolve(TRAIN_LABELS + ".gz"));

        assertThat(IdxFolder.load(folder).train().size()).isEqualTo(3);
    }

    @Test
    void theHashesCoverPixelsAndLabels() throws IOException {
        String before = IdxFolder.load(folder).trainSha256();
        write(TRAIN_LABELS, IdxBytes.labels(7, 1, 9));

        assertThat(IdxFolder.load(folder).trainSha256()).hasSize(64).isNotEqualTo(before);
    }

    @Test
    void aWrongMagicNumberIsReported() throws IOException {
        write(TRAIN_IMAGES, IdxBytes.labels(1, 2, 3));
        assertFault(TRAIN_IMAGES, "is not an IDX file of images: it starts with 00000801, not with 00000803");
    }

    @Test
    void anEmptyFileIsReported() throws IOException {
        write(TRAIN_LABELS);
        assertFault(TRAIN_LABELS, "is empty");
    }

    @Test
    void aTruncatedHeaderIsReported() throws IOException {
        write(TRAIN_IMAGES, Arrays.copyOf(IdxBytes.images(3, 4, 3), 9));
        assertFault(TRAIN_IMAGES, "is truncated: it ends within its header");
    }

    @Test
    void aTruncatedFileIsReported() throws IOException {
        byte[] whole = IdxBytes.images(3, 4, 3);
        write(TRAIN_IMAGES, Arrays.copyOf(whole, whole.length - 1));
        assertFault(TRAIN_IMAGES, "is truncated: its header 3x4x3 needs 36 bytes, but only 35 follow");
    }

    @Test
    void trailingBytesAreReported() throws IOException {
        byte[] whole = IdxBytes.images(3, 4, 3);
        write(TRAIN_IMAGES, Arrays.copyOf(whole, whole.length + 1));
        assertFault(TRAIN_IMAGES, "has trailing bytes after the 36 that its header 3x4x3 announces");
    }

    @Test
    void aTruncatedGzipFileIsReported() throws IOException {
        byte[] whole = IdxBytes.gzip(IdxBytes.images(3, 4, 3));
        write(TRAIN_IMAGES, Arrays.copyOf(whole, whole.length - 9));
        assertFault(TRAIN_IMAGES, "is truncated");
    }

    @Test
    void aCorruptGzipFileIsReported() throws IOException {
        byte[] packed = IdxBytes.gzip(IdxBytes.images(3, 4, 3));
        packed[packed.length - 6] ^= 1;
        write(TRAIN_IMAGES, packed);
        assertFault(TRAIN_IMAGES, "is corrupt (Corrupt GZIP trailer)");
    }

    @Test
    void aHeaderThatOverflowsIsReported() throws IOException {
        write(TRAIN_IMAGES, IdxBytes.file(new int[] {0x10000, 0x10000, 0x10000}));
        assertFault(
                TRAIN_IMAGES, "announces 65536x65536x65536 bytes in its header, which is more than an array can hold");
    }

    @Test
    void aNegativeDimensionIsALargeOne() throws IOException {
        write(TRAIN_LABELS, IdxBytes.file(new int[] {-1}, (byte) 1));
        assertFault(TRAIN_LABELS, "announces 4294967295 bytes");
    }

    @Test
    void aWrongHeaderAllocatesNoMemory() throws IOException {
        write(TRAIN_IMAGES, IdxBytes.file(new int[] {2_000_000_000, 1, 1}, (byte) 1));
        assertFault(TRAIN_IMAGES, "is truncated: its header 2000000000x1x1 needs 2000000000 bytes, but only 1 follow");
    }

    @Test
    void aDimensionOfZeroIsReported() throws IOException {
        write(TRAIN_IMAGES, IdxBytes.file(new int[] {3, 0, 28}));
        assertFault(TRAIN_IMAGES, "holds nothing: its header says 3x0x28");
    }

    @Test
    void classesAreWhatLiesBetweenTheLabels() throws IOException {
        write(TRAIN_LABELS, IdxBytes.labels(7, 10, 9));
        write(TEST_LABELS, IdxBytes.labels(8, 8));

        DataSplit split = IdxFolder.load(folder);

        assertThat(split.train().classNames()).containsExactly("7", "8", "9", "10");
        assertThat(split.train().labels()).containsExactly(0, 3, 2);
        assertThat(split.warnings()).isEmpty();
    }

    @Test
    void aLabelThatNoImageHasIsSaid() throws IOException {
        write(TRAIN_LABELS, IdxBytes.labels(7, 10, 9));
        write(TEST_LABELS, IdxBytes.labels(7, 7));

        DataSplit split = IdxFolder.load(folder);

        assertThat(split.train().classes()).isEqualTo(4);
        assertThat(split.warnings().toString()).contains(TRAIN_LABELS, "go from 7 to 10, but no image has the label 8");
    }

    @Test
    void oneLabelIsNothingToTellApart() throws IOException {
        write(TRAIN_LABELS, IdxBytes.labels(7, 7, 7));
        write(TEST_LABELS, IdxBytes.labels(7, 7));

        assertFault(TRAIN_LABELS, "have the label 7, so there is nothing to tell apart");
    }

    @Test
    void labelsMayBeIntegersOfWhichTheFirstColumnCounts() throws IOException {
        ByteBuffer table = ByteBuffer.allocate(12 + 3 * 2 * Integer.BYTES)
                .putInt(0x0C02)
                .putInt(3)
                .putInt(2);
        IntStream.of(7, -1, 0, 1000, 9, 65_536).forEach(table::putInt);
        Files.delete(folder.resolve(TRAIN_LABELS));
        write("train-labels-idx2-int", table.array());

        assertThat(IdxFolder.load(folder).train().labels()).containsExactly(7, 0, 9);
    }

    @Test
    void imagesMayHaveThreeChannelsInEitherOrder() throws IOException {
        byte[] interleaved = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        byte[] planes = {1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12};
        write(TRAIN_LABELS, IdxBytes.labels(0));
        write(TEST_LABELS, IdxBytes.labels(1));
        write(TRAIN_IMAGES, IdxBytes.file(new int[] {1, 1, 4, 3}, interleaved));
        write(TEST_IMAGES, IdxBytes.file(new int[] {1, 3, 1, 4}, planes));

        DataSplit split = IdxFolder.load(folder);

        assertThat(split.train().format().shape()).isEqualTo(new ImageShape(1, 4, 3));
        assertThat(split.train().pixels()).isEqualTo(interleaved);
        assertThat(split.test().pixels()).isEqualTo(interleaved);
    }

    /** EMNIST's images are transposed, its letters are counted from 1, and several of its sets lie in one folder. */
    @Test
    void lettersAreTurnedUprightAndNamed() throws IOException {
        for (String half : List.of("train", "test")) {
            write("emnist-letters-" + half + "-images-idx3-ubyte", IdxBytes.file(new int[] {2, 2, 3}, LETTERS));
            write("emnist-letters-" + half + "-labels-idx1-ubyte.gz", IdxBytes.gzip(IdxBytes.labels(1, 2)));
        }
        write("emnist-letters-mapping.txt", "1 65 97\n2 66 98 \n".getBytes(StandardCharsets.US_ASCII));

        assertFault("emnist-letters", "holds several data sets; name one of them: ");
        DataSplit split = IdxFolder.load(folder.resolve("emnist-letters"));

        assertThat(split.train().name()).isEqualTo("emnist-letters");
        assertThat(split.train().classNames()).containsExactly("Aa", "Bb");
        assertThat(split.train().labels()).containsExactly(0, 1);
        assertThat(split.train().height()).isEqualTo(3);
        assertThat(split.train().pixels()).startsWith(1, 4, 2, 5, 3, 6);
    }

    @Test
    void aMappingThatLacksALabelIsReported() throws IOException {
        for (String half : List.of("train", "test")) {
            write("emnist-letters-" + half + "-images-idx3-ubyte", IdxBytes.file(new int[] {2, 2, 3}, LETTERS));
            write("emnist-letters-" + half + "-labels-idx1-ubyte", IdxBytes.labels(1, 2));
        }
        write("emnist-letters-mapping.txt", "1 65 97\n".getBytes(StandardCharsets.US_ASCII));
        Path letters = folder.resolve("emnist-letters");
        assertSentence(letters, "emnist-letters-mapping.txt", "does not say what the label 2 stands for");

        write("emnist-letters-mapping.txt", "1 65 97\n2 27\n".getBytes(StandardCharsets.US_ASCII));
        assertSentence(letters, "emnist-letters-mapping.txt", "names the code 27, which is neither");
    }

    @Test
    void differentCountsAreReported() throws IOException {
        write(TRAIN_LABELS, IdxBytes.labels(7, 0));
        assertFault(TRAIN_LABELS, "holds 3 images, but");
    }

    @Test
    void differentImageSizesAreReported() throws IOException {
        write(TEST_IMAGES, IdxBytes.images(2, 5, 3));
        assertFault(TEST_IMAGES, "The training images are 4x3 pixels, but those in");
    }

    @Test
    void aMissingFileIsReported() throws IOException {
        Files.delete(folder.resolve(TRAIN_LABELS));
        assertFault(TRAIN_LABELS, "lacks train-labels-idx1-ubyte (as it is, or packed as .gz)");
    }

    @Test
    void anEmptyFolderIsReported() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertSentence(empty, "empty", "is empty; it should hold four IDX files");
    }

    @Test
    void aFolderThatDoesNotExistIsReported() {
        assertSentence(folder.resolve("nowhere"), "nowhere", "does not exist");
    }

    @Test
    void aFileInsteadOfTheFolderIsReported() {
        assertSentence(folder.resolve(TRAIN_LABELS), TRAIN_LABELS, "is a file; name the folder");
    }

    @Test
    void aFolderInsteadOfAFileIsReported() throws IOException {
        Files.delete(folder.resolve(TRAIN_LABELS));
        Files.createDirectory(folder.resolve(TRAIN_LABELS));
        assertFault(TRAIN_LABELS, "is a folder where an IDX file is expected");
    }

    @Test
    void anUnreadableFileIsReported() throws IOException {
        Path file = folder.resolve(TRAIN_LABELS);
        assumeThat(file.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).as("this user may read everything").isFalse();

        assertFault(TRAIN_LABELS, "cannot be read: permission denied");
    }

    @Test
    void aDiskErrorIsReported() throws IOException {
        // On Linux, reading the start of this file gives an I/O error for every user.
        Path broken = Path.of("/proc/self/mem");
        assumeThat(broken).exists();
        Path link = folder.resolve(TRAIN_LABELS);
        Files.delete(link);
        Files.createSymbolicLink(link, broken);

        assertFault(TRAIN_LABELS, "cannot be read: ");
        Files.delete(link);
    }

    private void write(String name, byte... content) throws IOException {
        Files.write(folder.resolve(name), content);
    }

    private void assertFault(String fileName, String fault) {
        assertSentence(folder, fileName, fault);
    }

    private static void assertSentence(Path loaded, String fileName, String fault) {
        assertThatThrownBy(() -> IdxFolder.load(loaded))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(fileName, fault)
                .hasMessageEndingWith(".")
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("Exception");
    }
}
