package bpnn.images;

import bpnn.data.DataException;
import bpnn.data.ImageShape;
import bpnn.io.file.AtomicFile;
import bpnn.mnist.DataSplit;
import bpnn.mnist.ImageAxes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The binary versions of CIFAR-10 and CIFAR-100: records of one label, or a coarse and a fine one, and the 32x32 pixels of
 * three channels, channel after channel (A. Krizhevsky, 2009).
 */
final class CifarSet {
    private static final ImageShape SHAPE = new ImageShape(32, 32, ImageShape.COLOUR);
    private static final int BATCHES = 5;
    private static final long MAX_NAMES = 1 << 16;
    private static final int BUFFER_BYTES = 1 << 16;

    /** What lies where: files, bytes in front of an image's pixels, and names. */
    private record Kind(List<String> train, String test, int labelBytes, String names) {}

    private static final Kind TEN = new Kind(
            IntStream.rangeClosed(1, BATCHES)
                    .mapToObj(i -> "data_batch_" + i + ".bin")
                    .toList(),
            "test_batch.bin",
            1,
            "batches.meta.txt");
    private static final Kind HUNDRED = new Kind(List.of("train.bin"), "test.bin", 2, "fine_label_names.txt");

    private CifarSet() {}

    /** Where in or below a folder such files lie. */
    static Optional<Path> find(Path folder) {
        return Stream.of(folder, folder.resolve("cifar-10-batches-bin"), folder.resolve("cifar-100-binary"))
                .filter(place -> kind(place).isPresent())
                .findFirst();
    }

    private static Optional<Kind> kind(Path folder) {
        return Stream.of(TEN, HUNDRED)
                .filter(kind -> Files.isRegularFile(folder.resolve(kind.train.get(0))))
                .findFirst();
    }

    static DataSplit load(String name, Path folder, ReadOptions options) {
        Kind kind = kind(folder).orElseThrow();
        Part train = part(folder, kind.train, kind);
        @Nullable Part test = Files.exists(folder.resolve(kind.test)) ? part(folder, List.of(kind.test), kind) : null;
        return new Assembly(name, "cifar", train, null, test).assemble(names(folder.resolve(kind.names)), options);
    }

    private static @Nullable List<String> names(Path file) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            if (Files.size(file) > MAX_NAMES) {
                throw new DataException(file + " is too large for a list of names.");
            }
            List<String> names = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(ClassName::clean)
                    .toList();
            return names.size() < 2 ? null : names;
        } catch (IOException e) {
            throw new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
    }

    private static Part part(Path folder, List<String> files, Kind kind) {
        int record = kind.labelBytes + SHAPE.features();
        List<Path> paths = files.stream().map(folder::resolve).toList();
        int[] counts = new int[paths.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = count(paths.get(i), record);
        }
        int images = IntStream.of(counts).sum();
        byte[] pixels = new byte[Math.multiplyExact(images, SHAPE.features())];
        int[] labels = new int[images];
        int image = 0;
        for (Path path : paths) {
            image = read(path, kind.labelBytes, pixels, labels, image);
        }
        new ImageAxes(SHAPE, true).interleave(pixels);
        return new Part(
                String.valueOf(files.size() == 1 ? paths.get(0) : folder),
                SHAPE,
                pixels,
                Labels.numbers(labels),
                List.of());
    }

    private static int count(Path file, int record) {
        try {
            long size = Files.size(file);
            if (size == 0 || size % record != 0) {
                throw new DataException(file + " is cut off: it has " + size
                        + " bytes, which are no whole number of records of " + record + " bytes; fetch it again.");
            }
            if (size / record * SHAPE.features() > Integer.MAX_VALUE / BATCHES) {
                throw new DataException(file + " has " + size + " bytes, which are more than can be held in memory.");
            }
            return (int) (size / record);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static int read(Path file, int labelBytes, byte[] pixels, int[] labels, int from) {
        int record = labelBytes + SHAPE.features();
        byte[] bytes = new byte[record];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            int image = from;
            while (image < labels.length && in.readNBytes(bytes, 0, record) == record) {
                labels[image] = bytes[labelBytes - 1] & 0xFF;
                System.arraycopy(bytes, labelBytes, pixels, image * SHAPE.features(), SHAPE.features());
                image++;
            }
            return image;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static DataException unreadable(Path file, IOException e) {
        return new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
    }
}
