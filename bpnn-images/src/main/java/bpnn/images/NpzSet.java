package bpnn.images;

import bpnn.data.DataException;
import bpnn.io.npz.NpyArray;
import bpnn.io.npz.NpzArrays;
import bpnn.mnist.DataSplit;
import bpnn.mnist.ImageAxes;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Data sets in archives of NumPy, by the names that Keras ({@code x_train}) and MedMNIST ({@code train_images}) use. */
final class NpzSet {
    private static final Map<String, List<String>> IMAGES = Map.of(
            "train", List.of("x_train", "train_images", "train_x", "x", "images"),
            "validation", List.of("x_val", "x_valid", "val_images", "valid_images", "val_x", "valid_x"),
            "test", List.of("x_test", "test_images", "test_x"));
    private static final Map<String, List<String>> LABELS = Map.of(
            "train", List.of("y_train", "train_labels", "train_y", "y", "labels"),
            "validation", List.of("y_val", "y_valid", "val_labels", "valid_labels", "val_y", "valid_y"),
            "test", List.of("y_test", "test_labels", "test_y"));

    private final Path file;
    private final ReadOptions options;
    private final SortedMap<String, NpyArray> arrays;

    private NpzSet(Path file, ReadOptions options) {
        this.file = file;
        this.options = options;
        this.arrays = NpzArrays.read(file, NpzSet::isKnown);
    }

    private static boolean isKnown(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return IMAGES.values().stream().anyMatch(names -> names.contains(lower))
                || LABELS.values().stream().anyMatch(names -> names.contains(lower));
    }

    static DataSplit load(String name, Path file, ReadOptions options) {
        NpzSet set = new NpzSet(file, options);
        Part train = set.part("train")
                .orElseThrow(() -> new DataException(file
                        + " cannot be used as a data set: it should hold x_train and y_train, or train_images and"
                        + " train_labels, but it holds "
                        + (set.arrays.isEmpty() ? "no array of such a name" : String.join(", ", set.arrays.keySet()))
                        + "."));
        @Nullable Part validation = set.part("validation").orElse(null);
        @Nullable Part test = set.part("test").orElse(null);
        return new Assembly(name, "npz", train, validation, test).assemble(null, options);
    }

    private Optional<Part> part(String half) {
        Optional<NpyArray> images = array(IMAGES.getOrDefault(half, List.of()));
        Optional<NpyArray> labels = array(LABELS.getOrDefault(half, List.of()));
        if (images.isEmpty() && labels.isEmpty()) {
            return Optional.empty();
        }
        if (images.isEmpty() || labels.isEmpty()) {
            throw fault("it has the " + (images.isEmpty() ? "labels" : "images") + " of the " + half
                    + " part, but not the " + (images.isEmpty() ? "images" : "labels"));
        }
        NpyArray pixels = images.get();
        NpyArray classes = labels.get();
        int count = pixels.shape().isEmpty() ? 0 : pixels.shape().get(0);
        int named = classes.shape().isEmpty() ? 0 : classes.shape().get(0);
        if (count != named) {
            throw fault("\"" + pixels.name() + "\" holds " + count + " images (its shape is " + pixels.shape()
                    + "), but \"" + classes.name() + "\" holds " + named + " labels");
        }
        if (classes.shape().size() > 2
                || (classes.shape().size() == 2 && classes.shape().get(1) != 1)) {
            throw fault("\"" + classes.name() + "\" has the shape " + classes.shape()
                    + ", but one label for each image is needed");
        }
        ImageAxes axes = axes(pixels);
        return Optional.of(new Part(
                file + " (" + pixels.name() + ")",
                axes.shape(),
                axes.interleave(pixels.toBytes()),
                Labels.numbers(classes.toInts()),
                List.of()));
    }

    private Optional<NpyArray> array(List<String> names) {
        return arrays.values().stream()
                .filter(array -> names.contains(array.name().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private ImageAxes axes(NpyArray images) {
        int[] sides =
                images.shape().stream().skip(1).mapToInt(Integer::intValue).toArray();
        Optional<ImageAxes> axes = sides.length == 1
                ? FlatImages.shape(sides[0], options.size()).map(shape -> new ImageAxes(shape, false))
                : ImageAxes.of(sides);
        return axes.orElseThrow(() -> unknown(images));
    }

    private DataException unknown(NpyArray images) {
        return fault("\"" + images.name() + "\" has the shape " + images.shape()
                + ", but images are [count, rows, columns], with 1 or 3 channels before or behind if they have any");
    }

    private DataException fault(String what) {
        return new DataException(file + " cannot be used as a data set: " + what + ".");
    }
}
