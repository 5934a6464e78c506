package bpnn.images;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.io.file.NaturalOrder;
import bpnn.mnist.DataSplit;
import bpnn.mnist.FramingDetector;
import bpnn.mnist.NumberedClasses;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a data set of its parts: finds the classes of all of them, and draws test images where there are none. */
final class Assembly {
    private final String name;
    private final Part train;
    private final @Nullable Part validation;
    private final @Nullable Part test;
    private final Map<String, String> facts = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param name of the data set
     * @param layout what it lies in, for the record of a run
     * @param validation null if the data set has none
     * @param test null if the data set has none
     */
    Assembly(String name, String layout, Part train, @Nullable Part validation, @Nullable Part test) {
        this.name = name;
        this.train = train;
        this.validation = validation;
        this.test = test;
        facts.put("layout", layout);
        parts().forEach(part -> warnings.addAll(part.warnings()));
    }

    private Stream<Part> parts() {
        return Stream.of(train, validation, test).flatMap(Stream::ofNullable);
    }

    /**
     * @param names of classes that are numbered from 0; null to find them in the labels
     * @throws DataException if the parts do not fit together, or there is nothing to tell apart
     */
    DataSplit assemble(@Nullable List<String> names, ReadOptions options) {
        parts().forEach(part -> {
            if (!part.shape().equals(train.shape())) {
                throw new DataException("The images of " + train.source() + " are " + train.shape()
                        + " pixels, but those of " + part.source() + " are " + part.shape() + ".");
            }
        });
        Map<Part, int[]> labels = new HashMap<>();
        List<String> classNames = names != null ? named(names, labels) : found(labels);
        ImageFormat format;
        try {
            format = new ImageFormat(train.shape(), classNames, FramingDetector.of(train.shape(), train.pixels()));
        } catch (IllegalArgumentException e) {
            throw new DataException(train.source() + " cannot be used: " + e.getMessage() + ".", e);
        }
        Dataset training = dataset(train, format, labels);
        Dataset held = validation == null ? null : dataset(validation, format, labels);
        if (test != null) {
            Dataset testing = dataset(test, format, labels);
            warnOfUntrained(training, testing);
            return DataSplit.of(training, held, testing, facts, warnings);
        }
        TestDraw draw = TestDraw.of(training, options.splitSeed());
        if (draw.test().size() == 0) {
            throw new DataException(train.source() + " has no test images, and too few to draw some from.");
        }
        facts.put(
                "split",
                draw.test().size() + " of " + train.size() + " images, drawn by seed " + options.splitSeed()
                        + ", are for testing");
        warnings.add(train.source() + " has no test images; " + draw.test().size() + " of its " + train.size()
                + " images, drawn by --split-seed " + options.splitSeed() + ", are set apart to test on.");
        return DataSplit.of(draw.train(), held, draw.test(), facts, warnings);
    }

    private Dataset dataset(Part part, ImageFormat format, Map<Part, int[]> labels) {
        return new Dataset(name, format, part.pixels(), Objects.requireNonNull(labels.get(part)));
    }

    private List<String> named(List<String> names, Map<Part, int[]> labels) {
        parts().forEach(part -> {
            int[] values = part.labels().values();
            for (int i = 0; i < values.length; i++) {
                if (values[i] < 0 || values[i] >= names.size()) {
                    throw new DataException(part.source() + " gives image " + i + " the label " + values[i]
                            + ", but there are names for 0 to " + (names.size() - 1) + ".");
                }
            }
            labels.put(part, values);
        });
        return names;
    }

    private List<String> found(Map<Part, int[]> labels) {
        if (parts().allMatch(part -> part.labels().words().isEmpty())) {
            NumberedClasses classes = NumberedClasses.of(
                    train.source(), parts().map(part -> part.labels().values()).toList());
            classes.gap().ifPresent(warnings::add);
            parts().forEach(part ->
                    labels.put(part, classes.toClasses(part.labels().values())));
            return classes.names();
        }
        TreeSet<String> names = new TreeSet<>(NaturalOrder.INSTANCE);
        parts().forEach(part -> names.addAll(part.labels().asWords().words().orElseThrow()));
        if (names.size() < 2) {
            throw new DataException("All images of " + train.source() + " are of the class " + names.first()
                    + ", so there is nothing to tell apart; at least 2 classes are needed.");
        }
        List<String> ordered = List.copyOf(names);
        if (ordered.size() > ImageFormat.MAX_CLASSES) {
            throw new DataException(train.source() + " has " + ordered.size() + " classes, but at most "
                    + ImageFormat.MAX_CLASSES + " can be told apart.");
        }
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            places.put(ordered.get(i), i);
        }
        parts().forEach(part -> {
            Labels words = part.labels().asWords();
            List<String> own = words.words().orElseThrow();
            int[] values = new int[part.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Objects.requireNonNull(places.get(own.get(words.values()[i])));
            }
            labels.put(part, values);
        });
        return ordered;
    }

    /** A class that is asked for and was never shown. */
    private void warnOfUntrained(Dataset training, Dataset testing) {
        BitSet asked = testing.shownClasses();
        asked.andNot(training.shownClasses());
        if (!asked.isEmpty()) {
            warnings.add("The class " + training.classNames().get(asked.nextSetBit(0))
                    + (asked.cardinality() > 1 ? " and " + (asked.cardinality() - 1) + " more" : "")
                    + " of the test images of " + name + " is not among its training images, so it cannot be learnt.");
        }
    }
}
