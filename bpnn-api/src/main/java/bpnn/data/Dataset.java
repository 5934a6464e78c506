package bpnn.data;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/** Labelled images, as bytes, in memory. */
public final class Dataset {
    private final String name;
    private final ImageFormat format;
    private final byte[] storage;
    private final int first;
    private final int[] labels;

    /**
     * Images back to back.
     *
     * @param name display name, such as "mnist"
     * @param format size of the images and names of the classes
     * @param pixels images, each of {@code format.shape().features()} unsigned bytes; not copied
     * @param labels one class per image, in [0, classes); not copied
     * @throws IllegalArgumentException if the lengths disagree or a label is out of range
     */
    public Dataset(String name, ImageFormat format, byte[] pixels, int[] labels) {
        this(name, format, pixels, 0, labels);
        if ((long) labels.length * features() != pixels.length) {
            throw new IllegalArgumentException(labels.length + " images of " + format.shape() + " need "
                    + (long) labels.length * features() + " pixels, but there are " + pixels.length);
        }
    }

    private Dataset(String name, ImageFormat format, byte[] storage, int first, int[] labels) {
        this.name = Objects.requireNonNull(name);
        this.format = format;
        this.storage = storage;
        this.first = first;
        this.labels = labels;
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

    /** Display name, such as "mnist". */
    public String name() {
        return name;
    }

    /** Size of the images and names of the classes. */
    public ImageFormat format() {
        return format;
    }

    /** The images back to back: the array itself, or of a slice a copy. */
    public byte[] pixels() {
        int from = start(0);
        int length = size() * features();
        return from == 0 && length == storage.length ? storage : Arrays.copyOfRange(storage, from, from + length);
    }

    /** The array that holds the images, back to back, among others if this is a slice; see {@link #start}. */
    public byte[] storage() {
        return storage;
    }

    /** Where an image begins in {@link #storage}. */
    public int start(int image) {
        return (first + image) * features();
    }

    /** The class of each image; not copied. */
    public int[] labels() {
        return labels;
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

    /** The classes of which there is an image. */
    public BitSet shownClasses() {
        BitSet shown = new BitSet(classes());
        for (int label : labels) {
            shown.set(label);
        }
        return shown;
    }

    /** Images {@code from .. to - 1}; their pixels are not copied. */
    public Dataset slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size());
        return new Dataset(name, format, storage, first + from, Arrays.copyOfRange(labels, from, to));
    }
}
