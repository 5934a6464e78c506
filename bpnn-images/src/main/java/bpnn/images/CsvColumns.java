package bpnn.images;

import bpnn.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What the columns of a table of images are, as its first line tells.
 *
 * @param count of all
 * @param label which one is the label; -1 if none is
 * @param ignored numbers of rows and the like
 * @param header whether the first line names the columns instead of being an image
 */
record CsvColumns(int count, int label, Set<Integer> ignored, boolean header) {
    private static final Pattern NUMBER = Pattern.compile("\\s*[0-9]+\\s*");
    private static final Pattern FRACTION = Pattern.compile("\\s*-?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?\\s*");
    private static final Pattern PIXEL =
            Pattern.compile("(pixel|pix|px|p|x|feature|f|v|attr|column|col|c)?[-_ ]*[0-9]+([-x_][0-9]+)*");
    private static final Set<String> LABEL = Set.of("label", "labels", "class", "y", "target");
    private static final Set<String> ROW = Set.of("", "id", "index", "image_id", "imageid", "unnamed: 0");

    /** @throws DataException if it cannot be told which column is the label */
    static CsvColumns of(Path file, List<String> line) {
        int last = line.size() - 1;
        if (last < 1) {
            throw new DataException(
                    file + " has one column only, but a label and pixels are needed, separated by commas.");
        }
        if (line.subList(1, line.size()).stream().allMatch(CsvColumns::isNumber)) {
            return new CsvColumns(line.size(), 0, Set.of(), false);
        }
        if (line.subList(0, last).stream().allMatch(CsvColumns::isNumber)) {
            return new CsvColumns(line.size(), last, Set.of(), false);
        }
        if (last > 1
                && line.subList(1, last).stream()
                        .allMatch(field -> FRACTION.matcher(field).matches())) {
            // An image of numbers that are no pixels, which is said when they are read.
            return new CsvColumns(line.size(), 0, Set.of(), false);
        }
        return named(
                file,
                line.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList());
    }

    private static boolean isNumber(String field) {
        return NUMBER.matcher(field).matches();
    }

    private static CsvColumns named(Path file, List<String> names) {
        List<Integer> labels = new ArrayList<>();
        Set<Integer> rows = new TreeSet<>();
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (LABEL.contains(name)) {
                labels.add(i);
            } else if (ROW.contains(name)) {
                rows.add(i);
            } else if (!PIXEL.matcher(name).matches()) {
                others.add(i);
            }
        }
        List<Integer> candidates = labels.isEmpty() ? others : labels;
        if (candidates.size() > 1 || (!labels.isEmpty() && !others.isEmpty())) {
            List<Integer> doubtful = IntStream.range(0, names.size())
                    .filter(i -> labels.contains(i) || others.contains(i))
                    .boxed()
                    .toList();
            throw new DataException(file
                    + " has a first line that does not tell what its columns are: beside pixels there are "
                    + String.join(
                            ", ",
                            doubtful.stream()
                                    .limit(5)
                                    .map(i -> ClassName.clean(names.get(i)))
                                    .toList())
                    + (doubtful.size() > 5 ? " and more" : "") + ", but there should be one, called label.");
        }
        return new CsvColumns(names.size(), candidates.isEmpty() ? -1 : candidates.get(0), Set.copyOf(rows), true);
    }

    /** Values of an image. */
    int pixels() {
        return count - ignored.size() - (label < 0 ? 0 : 1);
    }
}
