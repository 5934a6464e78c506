package bpnn.fuzz;

import bpnn.images.ImageSets;
import bpnn.images.ReadOptions;
import bpnn.images.SampleSets;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Data sets in tables, archives, batches and folders of which one file is whatever the fuzzer thinks of. */
class DataSetFuzzTest {
    private static final ReadOptions OPTIONS =
            new ReadOptions(null, 1, Refusals.FOLDER.resolve("cache"), sentence -> {});
    private static final int CIFAR_RECORD = 3073;

    /** Any bytes as a table. */
    @FuzzTest(maxDuration = "60s")
    void table(byte[] content) {
        read(Refusals.file("table.csv", content));
    }

    /** A table that begins well. */
    @FuzzTest(maxDuration = "60s")
    void rows(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                "label,pixel0,pixel1,pixel2,pixel3\n0,1,2,3,4\n1,5,6,7,8\n".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(content);
        read(Refusals.file("table.csv", bytes.toByteArray()));
    }

    @FuzzTest(maxDuration = "60s")
    void packedTable(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write("0,1,2,3,4\n1,5,6,7,8\n".getBytes(StandardCharsets.US_ASCII));
        }
        byte[] damaged = bytes.toByteArray();
        for (int i = 0; i + 1 < content.length; i += 2) {
            damaged[(content[i] & 0xFF) % damaged.length] ^= content[i + 1];
        }
        read(Refusals.file("table.csv.gz", damaged));
    }

    /** An archive with whatever the fuzzer thinks of as images. */
    @FuzzTest(maxDuration = "60s")
    void archive(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("x_train.npy"));
            zip.write(content);
            zip.putNextEntry(new ZipEntry("y_train.npy"));
            zip.write(SampleSets.npy("|u1", new byte[] {0, 1, 0, 1}, 4));
        }
        read(Refusals.file("images.npz", bytes.toByteArray()));
    }

    /** An archive with an intact frame and damaged labels. */
    @FuzzTest(maxDuration = "60s")
    void labels(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("x_train.npy"));
            zip.write(SampleSets.npy("|u1", new byte[16], 4, 2, 2));
            zip.putNextEntry(new ZipEntry("y_train.npy"));
            zip.write(content);
        }
        read(Refusals.file("images.npz", bytes.toByteArray()));
    }

    @FuzzTest(maxDuration = "60s")
    void cifar(byte[] content) {
        byte[] records = Arrays.copyOf(content, CIFAR_RECORD * (1 + content.length % 3));
        Path batches = Refusals.FOLDER.resolve("cifar");
        for (int i = 1; i <= 5; i++) {
            write(batches.resolve("data_batch_" + i + ".bin"), i == 3 && content.length % 2 == 0 ? content : records);
        }
        write(batches.resolve("batches.meta.txt"), content);
        Refusals.check(batches, () -> ImageSets.load(batches, OPTIONS));
    }

    /** A folder of two classes with one picture that may be none. */
    @FuzzTest(maxDuration = "60s")
    void picture(byte[] content) {
        Path pets = Refusals.FOLDER.resolve("pets");
        if (!Files.exists(pets)) {
            SampleSets.imageFolder(Refusals.FOLDER);
        }
        write(pets.resolve("train/cat/fuzzed.png"), content);
        Refusals.check(pets, () -> ImageSets.load(pets, OPTIONS));
    }

    @FuzzTest(maxDuration = "30s")
    void mapping(byte[] content) {
        Path letters = Refusals.FOLDER.resolve("gzip/emnist-letters");
        if (!Files.exists(letters.getParent())) {
            SampleSets.emnistLetters(Refusals.FOLDER);
        }
        write(letters.resolveSibling("emnist-letters-mapping.txt"), content);
        Refusals.check(letters.resolveSibling("emnist-letters-mapping.txt"), () -> ImageSets.load(letters, OPTIONS));
    }

    private static void read(Path file) {
        Path whole = Refusals.FOLDER.resolve(file);
        Refusals.check(whole, () -> ImageSets.load(whole, OPTIONS));
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
