package bpnn.mnist;

import bpnn.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The IDX files of one data set in a folder, known by their names: {@code train-images-idx3-ubyte} and so on as MNIST's,
 * with a prefix as in {@code emnist-letters-test-images-idx3-ubyte} or {@code qmnist-train-labels-idx2-int}; compressed or
 * not, also with the dot that some archives use in the name, and also inside a folder that bears the file's own name, as
 * some tools unpack it.
 *
 * @param prefix what stands in front of the names, without the hyphen; may be empty
 * @param parts the files that are there
 */
record IdxFiles(String prefix, Map<IdxPart, Path> parts) {
    private static final Pattern NAME =
            Pattern.compile("(?:(.+)-)?(train|t10k|test)-(images|labels)([-.])idx([1-4])-(ubyte|int)(\\.gz)?");

    /** Where PyTorch and others put the files, below a folder. */
    private static final List<String> BELOW =
            List.of("", "raw", "gzip", "MNIST/raw", "FashionMNIST/raw", "KMNIST/raw", "QMNIST/raw", "EMNIST/raw");

    /** A file with what its name says, and how far it is from the usual name. */
    private record Named(String prefix, IdxPart part, Path file, int oddity) {}

    /** The data sets of the first place at or below a folder that has any of the files, by their prefixes. */
    static SortedMap<String, IdxFiles> find(Path folder) {
        for (String below : BELOW) {
            SortedMap<String, IdxFiles> found = in(below.isEmpty() ? folder : folder.resolve(below));
            if (!found.isEmpty()) {
                return found;
            }
        }
        return new TreeMap<>();
    }

    /** The data sets of a folder, by their prefixes, whole or not. */
    static SortedMap<String, IdxFiles> in(Path folder) {
        SortedMap<String, IdxFiles> sets = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return sets;
        }
        List<Named> files = new ArrayList<>();
        for (Path entry : list(folder)) {
            if (Files.isDirectory(entry) && NAME.matcher(name(entry)).matches()) {
                list(entry).forEach(inside -> add(inside, 4, files));
            } else {
                add(entry, 0, files);
            }
        }
        files.sort(Comparator.comparingInt(Named::oddity).thenComparing(Named::file));
        for (Named file : files) {
            sets.computeIfAbsent(file.prefix, prefix -> new IdxFiles(prefix, new EnumMap<>(IdxPart.class)))
                    .parts
                    .putIfAbsent(file.part, file.file);
        }
        return sets;
    }

    private static void add(Path file, int oddity, List<Named> files) {
        Matcher name = NAME.matcher(name(file));
        if (name.matches() && Files.isRegularFile(file)) {
            IdxPart part =
                    IdxPart.of(name.group(2).equals("train"), name.group(3).equals("images"));
            int dotted = name.group(4).equals(".") ? 2 : 0;
            int packed = name.group(7) == null ? 0 : 1;
            String prefix = name.group(1) == null ? "" : name.group(1);
            files.add(new Named(prefix, part, file, oddity + dotted + packed));
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException e) {
            throw new DataException("The data folder " + folder + " cannot be read: " + FileErrors.reason(e) + ".", e);
        }
    }

    /** Whether all four files are there. */
    boolean isWhole() {
        return parts.size() == IdxPart.values().length;
    }

    /** The usual name of a part. */
    String fileName(IdxPart part) {
        return prefix.isEmpty()
                ? part.fileName()
                : prefix + "-" + part.fileName().replace("t10k", "test");
    }
}
