package bpnn.images;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.mnist.DataSplit;
import bpnn.mnist.IdxFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Data sets of images from files and folders, read in the way that fits what lies there: IDX, a folder of pictures, CSV, npz,
 * or the binary version of CIFAR.
 */
public final class ImageSets {
    private ImageSets() {}

    /** A way to read what lies somewhere. */
    private record Reading(String what, Reader reader) {}

    @FunctionalInterface
    private interface Reader {
        DataSplit read();
    }

    /**
     * Reads a data set.
     *
     * @param place a file, a folder, or a folder with the beginning of the names of IDX files in it
     * @return the data set, named after the place
     * @throws DataException if nothing there is a data set, several things are, or what is there is malformed
     */
    public static DataSplit load(Path place, ReadOptions options) {
        Path last = place.toAbsolutePath().normalize().getFileName();
        String name = ClassName.clean(last == null ? place.toString() : last.toString());
        List<Reading> readings = Files.isDirectory(place)
                ? ofFolder(name, place, options)
                : ofFile(name, place, options).stream().toList();
        if (readings.size() > 1) {
            throw new DataException("The folder " + place + " can be read in several ways: as "
                    + readings.stream().map(Reading::what).collect(Collectors.joining(" and as "))
                    + "; name the one that is meant by its file or folder, or move the others away.");
        }
        return readings.isEmpty()
                ? IdxFolder.load(place)
                : readings.get(0).reader.read();
    }

    /** Whether a place is a folder of pictures, which need Java's desktop to be read. */
    public static boolean isOfPictures(Path place) {
        return Files.isDirectory(place) && PictureFolder.isAt(place);
    }

    private static Optional<Reading> ofFile(String name, Path file, ReadOptions options) {
        if (isNpz(file)) {
            return Optional.of(new Reading("an archive of NumPy", () -> NpzSet.load(name, file, options)));
        }
        if (CsvSet.isTable(file)) {
            return Optional.of(new Reading("a table", () -> CsvSet.load(name, List.of(file), options)));
        }
        if (Files.isRegularFile(file)) {
            throw new DataException(
                    file + " is no data set that can be read: a file should be .npz or .csv, perhaps packed;"
                            + " else name the folder that holds four IDX files, pictures or CIFAR's batches.");
        }
        return Optional.empty();
    }

    private static boolean isNpz(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".npz")
                && Files.isRegularFile(file);
    }

    private static List<Reading> ofFolder(String name, Path folder, ReadOptions options) {
        List<Reading> readings = new ArrayList<>();
        if (IdxFolder.isAt(folder)) {
            readings.add(new Reading("IDX files", () -> IdxFolder.load(folder)));
        }
        CifarSet.find(folder)
                .ifPresent(place ->
                        readings.add(new Reading("CIFAR's batches", () -> CifarSet.load(name, place, options))));
        List<Path> archives = archives(folder);
        if (archives.size() == 1) {
            readings.add(new Reading(
                    "the archive " + archives.get(0).getFileName(), () -> NpzSet.load(name, archives.get(0), options)));
        } else if (!archives.isEmpty()) {
            throw new DataException("The folder " + folder + " holds several archives of NumPy; name one of them: "
                    + archives.stream().map(Path::toString).collect(Collectors.joining(", ")) + ".");
        }
        List<Path> tables = CsvSet.tables(folder);
        if (!tables.isEmpty()) {
            readings.add(new Reading("tables of CSV", () -> CsvSet.load(name, tables, options)));
        }
        if (PictureFolder.isAt(folder)) {
            readings.add(new Reading("a folder of pictures", () -> PictureFolder.load(name, folder, options)));
        }
        return readings;
    }

    private static List<Path> archives(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(ImageSets::isNpz).sorted().toList();
        } catch (IOException e) {
            throw new DataException("The data folder " + folder + " cannot be read: " + AtomicFile.reason(e) + ".", e);
        }
    }
}
