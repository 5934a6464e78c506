package bpnn.mnist;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder with a data set of ten classes in four IDX files: {@code train-images-idx3-ubyte},
 * {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or
 * compressed as {@code .gz}; {@code train-images.idx3-ubyte} etc. are accepted as well. Images may have any size. The files may
 * lie in {@code raw} or {@code MNIST/raw} below the folder, where PyTorch puts them.
 */
public final class IdxFolder {
    private static final int CLASSES = 10;

    private IdxFolder() {}

    /**
     * Reads the data set.
     *
     * @return the data set, named after the folder
     * @throws DataException if a file is missing, unreadable, malformed, or disagrees with another
     */
    public static DataSplit load(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return split(name == null ? folder.toString() : name.toString(), read(folder));
    }

    /** Reads the four files without comparing them. */
    static Map<IdxPart, IdxFile> read(Path named) {
        Optional<Path> holding = holding(named);
        if (holding.isEmpty()) {
            requireContent(named);
        }
        Path folder = holding.orElse(named);
        requireAll(folder);
        Map<IdxPart, IdxFile> files = new EnumMap<>(IdxPart.class);
        for (IdxPart part : IdxPart.values()) {
            files.put(part, IdxFile.read(part.find(folder).orElseThrow(), part.rank()));
        }
        return files;
    }

    /** Combines images and labels. */
    static DataSplit split(String name, Map<IdxPart, IdxFile> files) {
        Dataset train = dataset(name, files, IdxPart.TRAIN_IMAGES, IdxPart.TRAIN_LABELS);
        Dataset test = dataset(name, files, IdxPart.TEST_IMAGES, IdxPart.TEST_LABELS);
        if (train.height() != test.height() || train.width() != test.width()) {
            throw new DataException("The training images are " + train.height() + "x" + train.width()
                    + " pixels, but those in "
                    + file(files, IdxPart.TEST_IMAGES).path() + " are " + test.height() + "x"
                    + test.width() + ".");
        }
        return DataSplit.of(train, test);
    }

    /**
     * The folder itself, or the one below it, that holds at least one of the four files; empty if none does.
     *
     * @throws DataException if it is no folder
     */
    static Optional<Path> holding(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(
                    Files.exists(folder)
                            ? folder + " is a file; name the folder that holds the four IDX files."
                            : "The data folder " + folder + " does not exist.");
        }
        return Stream.of("", "raw", "MNIST/raw")
                .map(below -> below.isEmpty() ? folder : folder.resolve(below))
                .filter(candidate -> Arrays.stream(IdxPart.values())
                        .anyMatch(part -> part.find(candidate).isPresent()))
                .findFirst();
    }

    /** @throws DataException if one of the four files is missing */
    static void requireAll(Path folder) {
        String missing = Arrays.stream(IdxPart.values())
                .filter(part -> part.find(folder).isEmpty())
                .map(IdxPart::fileName)
                .collect(Collectors.joining(", "));
        for (IdxPart part : IdxPart.values()) {
            Path place = folder.resolve(part.fileName());
            if (part.find(folder).isEmpty() && Files.isDirectory(place)) {
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

    private static Dataset dataset(String name, Map<IdxPart, IdxFile> files, IdxPart imagesPart, IdxPart labelsPart) {
        IdxFile images = file(files, imagesPart);
        IdxFile labels = file(files, labelsPart);
        if (images.dimension(0) != labels.dimension(0)) {
            throw new DataException("The file " + images.path() + " holds " + images.dimension(0) + " images, but "
                    + labels.path() + " holds " + labels.dimension(0) + " labels.");
        }
        byte[] classes = labels.elements();
        for (int i = 0; i < classes.length; i++) {
            if ((classes[i] & 0xFF) >= CLASSES) {
                throw new DataException("The file " + labels.path() + " gives image " + i + " the label "
                        + (classes[i] & 0xFF) + ", but labels go from 0 to " + (CLASSES - 1) + ".");
            }
        }
        return new Dataset(name, images.dimension(1), images.dimension(2), CLASSES, images.elements(), classes);
    }

    private static IdxFile file(Map<IdxPart, IdxFile> files, IdxPart part) {
        IdxFile file = files.get(part);
        if (file == null) {
            throw new IllegalArgumentException("no file for " + part);
        }
        return file;
    }
}
