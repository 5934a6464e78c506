package bpnn.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * Labelled grey-scale images, as bytes, in memory.
 *
 * @param name display name, such as "mnist"
 * @param height rows of an image
 * @param width columns of an image
 * @param classes number of classes; every label is in [0, classes)
 * @param pixels images back to back, each {@code height * width} unsigned bytes in row-major order; not copied
 * @param labels one class per image; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a view on large arrays; identity is the right equality
public record Dataset(String name, int height, int width, int classes, byte[] pixels, byte[] labels) {

    /** @throws IllegalArgumentException if the lengths disagree or a label is out of range */
    public Dataset {
        Objects.requireNonNull(name);
        if (height < 1 || width < 1 || classes < 1 || classes > 256) {
            throw new IllegalArgumentException(
                    "A data set needs images of at least 1x1 pixels and 1 to 256 classes, but has " + height + "x"
                            + width + " and " + classes);
        }
        if ((long) labels.length * height * width != pixels.length) {
            throw new IllegalArgumentException(labels.length + " images of " + height + "x" + width + " need "
                    + (long) labels.length * height * width + " pixels, but there are " + pixels.length);
        }
        for (int i = 0; i < labels.length; i++) {
            if ((labels[i] & 0xFF) >= classes) {
                throw new IllegalArgumentException("The label of image " + i + " is " + (labels[i] & 0xFF)
                        + ", but there are " + classes + " classes, counted from 0");
            }
        }
    }

    /** Number of images. */
    public int size() {
        return labels.length;
    }

    /** Pixels of one image. */
    public int features() {
        return height * width;
    }

    /** The class of an image. */
    public int label(int image) {
        return labels[image] & 0xFF;
    }

    /** A copy of images {@code from .. to - 1}. */
    public Dataset slice(int from, int to) {
        return new Dataset(
                name,
                height,
                width,
                classes,
                Arrays.copyOfRange(pixels, from * features(), to * features()),
                Arrays.copyOfRange(labels, from, to));
    }
}
