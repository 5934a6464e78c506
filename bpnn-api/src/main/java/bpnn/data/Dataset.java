package bpnn.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Labelled images, as bytes, in memory.
 *
 * @param name display name, such as "mnist"
 * @param format size of the images and names of the classes
 * @param pixels images back to back, each of {@code format.shape().features()} unsigned bytes; not copied
 * @param labels one class per image, in [0, classes); not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a view on large arrays; identity is the right equality
public record Dataset(String name, ImageFormat format, byte[] pixels, int[] labels) {

    /** @throws IllegalArgumentException if the lengths disagree or a label is out of range */
    public Dataset {
        Objects.requireNonNull(name);
        int features = format.shape().features();
        if ((long) labels.length * features != pixels.length) {
            throw new IllegalArgumentException(labels.length + " images of " + format.shape() + " need "
                    + (long) labels.length * features + " pixels, but there are " + pixels.length);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= format.classes()) {
                throw new IllegalArgumentException("The label of image " + i + " is " + labels[i] + ", but there are "
                        + format.classes() + " classes, counted from 0");
            }
        }
    }

    /**
     * Grey images whose classes are known by their numbers.
     *
     * @param height rows of an image
     * @param width columns of an image
     * @param classes number of classes
     * @param pixels not copied
     * @param labels one unsigned byte per image
     */
    public Dataset(String name, int height, int width, int classes, byte[] pixels, byte[] labels) {
        this(
                name,
                new ImageFormat(
                        ImageShape.grey(height, width),
                        ImageFormat.numbers(classes),
                        ImageFormat.assumed(height * width, classes).framing()),
                pixels,
                unsigned(labels));
    }

    private static int[] unsigned(byte[] labels) {
        int[] result = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            result[i] = labels[i] & 0xFF;
        }
        return result;
    }

    /** Rows of an image. */
    public int height() {
        return format.shape().height();
    }

    /** Columns of an image. */
    public int width() {
        return format.shape().width();
    }

    /** Number of classes. */
    public int classes() {
        return format.classes();
    }

    /** A name for each class. */
    public List<String> classNames() {
        return format.classNames();
    }

    /** Number of images. */
    public int size() {
        return labels.length;
    }

    /** Values of one image. */
    public int features() {
        return format.shape().features();
    }

    /** The class of an image. */
    public int label(int image) {
        return labels[image];
    }

    /** A copy of images {@code from .. to - 1}. */
    public Dataset slice(int from, int to) {
        return new Dataset(
                name,
                format,
                Arrays.copyOfRange(pixels, from * features(), to * features()),
                Arrays.copyOfRange(labels, from, to));
    }
}
