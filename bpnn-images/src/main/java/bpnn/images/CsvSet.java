package bpnn.images;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.mnist.DataSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Data sets in tables: a file, or a folder with {@code train.csv}, {@code test.csv} and perhaps {@code valid.csv}. */
final class CsvSet {
    private static final String ENDING = "\\.(csv|tsv)(\\.gz|\\.zip)?";
    private static final Pattern TABLE = Pattern.compile("(?i).+" + ENDING);

    /** What Kaggle puts beside its tables. */
    private static final Pattern SUBMISSION = Pattern.compile("(?i).*submission.*");

    private CsvSet() {}

    static boolean isTable(Path file) {
        String name = String.valueOf(file.getFileName());
        return TABLE.matcher(name).matches() && !SUBMISSION.matcher(name).matches() && Files.isRegularFile(file);
    }

    /** The tables of a folder. */
    static List<Path> tables(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(CsvSet::isTable).sorted().toList();
        } catch (IOException e) {
            throw new DataException("The data folder " + folder + " cannot be read: " + AtomicFile.reason(e) + ".", e);
        }
    }

    /** @param tables one or more */
    static DataSplit load(String name, List<Path> tables, ReadOptions options) {
        List<String> warnings = new ArrayList<>();
        Path training = tables.size() == 1
                ? tables.get(0)
                : only(tables, Role.TRAIN)
                        .orElseThrow(() -> new DataException("It cannot be told which of these tables is for training: "
                                + tables.stream().map(Path::toString).collect(Collectors.joining(", "))
                                + "; name one of them, or call them train.csv and test.csv."));
        Part train = CsvTable.read(training, options.size())
                .orElseThrow(
                        () -> new DataException(
                                training
                                        + " has no labels: its first line should call one column label, or it should begin with images."));
        @Nullable Part validation = other(tables, training, Role.VALIDATION, options, warnings);
        @Nullable Part test = other(tables, training, Role.TEST, options, warnings);
        Part told = new Part(train.source(), train.shape(), train.pixels(), train.labels(), warnings);
        return new Assembly(name, "csv", told, validation, test).assemble(null, options);
    }

    private static @Nullable Part other(
            List<Path> tables, Path training, Role role, ReadOptions options, List<String> warnings) {
        Optional<Path> file = only(tables, role).filter(path -> !path.equals(training));
        if (file.isEmpty()) {
            return null;
        }
        Optional<Part> part = CsvTable.read(file.get(), options.size());
        if (part.isEmpty()) {
            warnings.add(file.get() + " has no labels and is left out.");
        }
        return part.orElse(null);
    }

    private static Optional<Path> only(List<Path> tables, Role role) {
        List<Path> fitting = tables.stream()
                .filter(table ->
                        role.isNamedIn(String.valueOf(table.getFileName()).replaceFirst("(?i)" + ENDING + "$", "")))
                .toList();
        if (fitting.size() > 1) {
            throw new DataException("There are several tables for one part of a data set: "
                    + fitting.stream().map(Path::toString).collect(Collectors.joining(", "))
                    + "; name the one that is to be read, or move the others away.");
        }
        return fitting.stream().findFirst();
    }
}
