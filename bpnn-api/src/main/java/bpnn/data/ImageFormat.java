package bpnn.data;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the images of a data set have in common, and what a network that was trained on them takes and tells.
 *
 * @param shape their size
 * @param classNames a name for each class, in the order of the network's outputs
 * @param framing how what they show lies in them
 */
public record ImageFormat(ImageShape shape, List<String> classNames, Framing framing) {
    /** The largest number of classes. */
    public static final int MAX_CLASSES = 1000;

    /** What is known of a network that does not say it: MNIST's digits are what most are trained on. */
    private static final ImageShape MNIST = ImageShape.grey(28, 28);

    private static final int LISTED = 12;

    /** @throws IllegalArgumentException unless there are 1 to 1000 classes of different names */
    public ImageFormat {
        classNames = List.copyOf(classNames);
        if (classNames.isEmpty() || classNames.size() > MAX_CLASSES) {
            throw new IllegalArgumentException(
                    "A data set has 1 to " + MAX_CLASSES + " classes, but there are " + classNames.size());
        }
        if (new HashSet<>(classNames).size() < classNames.size()) {
            throw new IllegalArgumentException("Two classes have the same name: " + classNames);
        }
    }

    /** Classes that are known by their numbers, from 0. */
    public static List<String> numbers(int classes) {
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    /**
     * The likely format of the inputs of a network that does not say it: those of MNIST if there are 784, else a row of grey
     * pixels.
     */
    public static ImageFormat assumed(int inputs, int classes) {
        boolean digits = inputs == MNIST.features();
        return new ImageFormat(
                digits ? MNIST : ImageShape.grey(1, inputs),
                numbers(classes),
                digits ? Framing.CENTRE_OF_MASS : Framing.WHOLE);
    }

    /** The number of classes. */
    public int classes() {
        return classNames.size();
    }

    /** Whether the classes have no names but their numbers, from 0. */
    public boolean isNumbered() {
        return classNames.equals(numbers(classes()));
    }

    /** Whether two sets of classes may be the same: their names are, or one of them has none. */
    public boolean hasClassesOf(ImageFormat other) {
        return classNames.equals(other.classNames)
                || (classes() == other.classes() && (isNumbered() || other.isNumbered()));
    }

    /** The classes as words: all of a few, or the first of many. */
    public String listing() {
        String listed = String.join(", ", classNames.subList(0, Math.min(classes(), LISTED)));
        return classes() <= LISTED ? listed : listed + " and " + (classes() - LISTED) + " more";
    }
}
