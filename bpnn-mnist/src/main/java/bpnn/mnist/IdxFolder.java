package bpnn.mnist;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder with a data set in four IDX files: {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte},
 * {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or compressed as {@code .gz}; other
 * spellings, and the names of EMNIST and QMNIST, are accepted as well. Images may have any size, and a fourth dimension of
 * 1 or 3 channels. The files may lie in {@code raw} or {@code MNIST/raw} below the folder, where PyTorch puts them.
 */
public final class IdxFolder {
    /** EMNIST's images lie on their sides, mirrored: rows and columns are swapped. */
    private static final String TRANSPOSED = "emnist-";

    private IdxFolder() {}

    /**
     * Whether there is at least one of the four files of a data set in a folder or where PyTorch puts them below it, or a
     * data set in the folder above it whose files begin with its name, as in {@code EMNIST/gzip/emnist-letters}.
     */
    public static boolean isAt(Path place) {
        return Files.isDirectory(place)
                ? !IdxFiles.find(place).isEmpty()
                : prefixed(place).isPresent();
    }

    /**
     * Reads the data set.
     *
     * @param place the folder; or a path in a folder of several data sets that ends with what their files begin with
     * @return the data set, named after the folder or the files
     * @throws DataException if a file is missing, unreadable, malformed, or disagrees with another
     */
    public static DataSplit load(Path place) {
        IdxFiles files = files(place);
        requireAll(place, files);
        Path name = place.toAbsolutePath().normalize().getFileName();
        String words = name == null ? place.toString() : name.toString();
        return split(words, files, read(files), Optional.empty());
    }

    private static IdxFiles files(Path place) {
        Optional<IdxFiles> prefixed = Files.isDirectory(place) ? Optional.empty() : prefixed(place);
        if (prefixed.isPresent()) {
            return prefixed.get();
        }
        requireFolder(place);
        SortedMap<String, IdxFiles> found = IdxFiles.find(place);
        if (found.size() > 1) {
            throw new DataException("The folder " + place + " holds several data sets; name one of them: "
                    + found.keySet().stream()
                            .map(prefix -> prefix.isEmpty()
                                    ? "(no prefix)"
                                    : place.resolve(prefix).toString())
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        if (found.isEmpty()) {
            requireContent(place);
            return new IdxFiles("", Map.of());
        }
        return found.values().iterator().next();
    }

    private static Optional<IdxFiles> prefixed(Path place) {
        Path folder = place.toAbsolutePath().getParent();
        if (folder == null || Files.exists(place)) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                IdxFiles.find(folder).get(String.valueOf(place.toAbsolutePath().getFileName())));
    }

    /** Reads the four files without comparing them. */
    static Map<IdxPart, IdxFile> read(IdxFiles found) {
        Map<IdxPart, IdxFile> files = new EnumMap<>(IdxPart.class);
        found.parts().forEach((part, file) -> files.put(part, IdxFile.read(file, part)));
        return files;
    }

    /**
     * Combines images and labels.
     *
     * @param format where it is known; else it is found out
     */
    static DataSplit split(String name, IdxFiles names, Map<IdxPart, IdxFile> files, Optional<ImageFormat> format) {
        boolean transposed = names.prefix().startsWith(TRANSPOSED)
                && file(files, IdxPart.TRAIN_IMAGES).rank() == IdxPart.TRAIN_IMAGES.rank();
        ImageShape shape = shape(file(files, IdxPart.TRAIN_IMAGES), transposed);
        ImageShape other = shape(file(files, IdxPart.TEST_IMAGES), transposed);
        if (!shape.equals(other)) {
            throw new DataException("The training images are " + shape + " pixels, but those in "
                    + file(files, IdxPart.TEST_IMAGES).path() + " are " + other + ".");
        }
        int[] trainLabels = labels(files, IdxPart.TRAIN_IMAGES, IdxPart.TRAIN_LABELS);
        int[] testLabels = labels(files, IdxPart.TEST_IMAGES, IdxPart.TEST_LABELS);
        byte[] train = pixels(file(files, IdxPart.TRAIN_IMAGES), shape, transposed);
        byte[] test = pixels(file(files, IdxPart.TEST_IMAGES), shape, transposed);
        NumberedClasses classes = NumberedClasses.of(
                file(files, IdxPart.TRAIN_LABELS).path().toString(), List.of(trainLabels, testLabels));
        ImageFormat found = format.orElseGet(
                () -> new ImageFormat(shape, IdxMapping.names(names, classes), FramingDetector.of(shape, train)));
        return DataSplit.of(
                new Dataset(name, found, train, classes.toClasses(trainLabels)),
                null,
                new Dataset(name, found, test, classes.toClasses(testLabels)),
                Map.of(),
                classes.gap().stream().toList());
    }

    private static ImageAxes axes(IdxFile images) {
        int[] sides = IntStream.range(1, images.rank()).map(images::dimension).toArray();
        return ImageAxes.of(sides)
                .orElseThrow(() -> new DataException("The file " + images.path() + " holds images of "
                        + Arrays.stream(sides).mapToObj(String::valueOf).collect(Collectors.joining("x"))
                        + ", but either the first or the last of these should be 1 or 3 channels."));
    }

    private static ImageShape shape(IdxFile images, boolean transposed) {
        ImageShape shape = axes(images).shape();
        return transposed ? shape.transposed() : shape;
    }

    private static byte[] pixels(IdxFile images, ImageShape shape, boolean transposed) {
        if (transposed) {
            PixelOrder.transpose(images.elements(), shape.width(), shape.height());
            return images.elements();
        }
        return axes(images).interleave(images.elements());
    }

    static void requireFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(
                    Files.exists(folder)
                            ? folder + " is a file; name the folder that holds the four IDX files."
                            : "The data folder " + folder + " does not exist"
                                    + (folder.getNameCount() > 1 || folder.isAbsolute()
                                            ? "."
                                            : ", and no data set is known by that name; ./bpnn data list shows which are."));
        }
    }

    /** @throws DataException if one of the four files is missing */
    static void requireAll(Path folder, IdxFiles files) {
        String missing = Arrays.stream(IdxPart.values())
                .filter(part -> !files.parts().containsKey(part))
                .map(files::fileName)
                .collect(Collectors.joining(", "));
        for (IdxPart part : IdxPart.values()) {
            Path place = folder.resolve(files.fileName(part));
            if (!files.parts().containsKey(part) && Files.isDirectory(place)) {
                throw new DataException(
                        "The file " + place + " is a folder where an IDX file is expected, and there is none in it.");
            }
        }
        if (!missing.isEmpty()) {
            throw new DataException("The folder " + folder + " lacks " + missing + " (as it is, or packed as .gz).");
        }
    }

    private static void requireContent(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isEmpty()) {
                throw new DataException("The data folder " + folder + " is empty; it should hold four IDX files, from "
                        + IdxPart.TRAIN_IMAGES.fileName() + " to " + IdxPart.TEST_LABELS.fileName() + ".");
            }
        } catch (IOException e) {
            throw new DataException("The data folder " + folder + " cannot be read: " + FileErrors.reason(e) + ".", e);
        }
    }

    private static int[] labels(Map<IdxPart, IdxFile> files, IdxPart imagesPart, IdxPart labelsPart) {
        IdxFile images = file(files, imagesPart);
        IdxFile labels = file(files, labelsPart);
        if (images.dimension(0) != labels.dimension(0)) {
            throw new DataException("The file " + images.path() + " holds " + images.dimension(0) + " images, but "
                    + labels.path() + " holds " + labels.dimension(0) + " labels.");
        }
        return labels.firstColumn();
    }

    private static IdxFile file(Map<IdxPart, IdxFile> files, IdxPart part) {
        IdxFile file = files.get(part);
        if (file == null) {
            throw new IllegalArgumentException("no file for " + part);
        }
        return file;
    }
}
