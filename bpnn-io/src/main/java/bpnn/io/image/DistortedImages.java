package bpnn.io.image;

import bpnn.data.Dataset;
import bpnn.data.ImageShape;
import bpnn.spi.Augmentation;
import bpnn.spi.Distortion;
import bpnn.spi.ImageDistortion;
import java.util.ArrayList;
import java.util.List;

/** What random distortion makes of images, as images again: in whole numbers. */
public final class DistortedImages {
    private final Dataset images;
    private final ImageDistortion distortion;
    private final float[] values;

    private DistortedImages(Dataset images, Distortion distortion, long seed) {
        ImageShape shape = images.format().shape();
        Augmentation augmentation = new Augmentation(seed, shape.height(), shape.width(), shape.channels(), distortion);
        this.images = images;
        this.distortion = new ImageDistortion(augmentation, augmentation.smoothing());
        this.values = new float[images.features()];
    }

    /**
     * All images, distorted as a training would in an epoch.
     *
     * @param epoch from 1
     */
    public static Dataset of(Dataset images, Distortion distortion, long seed, int epoch) {
        DistortedImages distorted = new DistortedImages(images, distortion, seed);
        byte[] pixels = new byte[images.size() * images.features()];
        int[] labels = new int[images.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = images.label(i);
            distorted.write(i, epoch, pixels, i * images.features());
        }
        return new Dataset(images.name(), images.format(), pixels, labels);
    }

    /**
     * The first image of each class, followed by what a training would make of it in its first epochs.
     *
     * @param versions images of each class, with the original
     */
    public static Dataset samples(Dataset images, Distortion distortion, long seed, int versions) {
        DistortedImages distorted = new DistortedImages(images, distortion, seed);
        List<Integer> first = firstOfEachClass(images);
        byte[] pixels = new byte[first.size() * versions * images.features()];
        int[] labels = new int[first.size() * versions];
        for (int i = 0; i < labels.length; i++) {
            int image = first.get(i / versions);
            int epoch = i % versions;
            int at = i * images.features();
            labels[i] = images.label(image);
            if (epoch == 0) {
                System.arraycopy(images.storage(), images.start(image), pixels, at, images.features());
            } else {
                distorted.write(image, epoch, pixels, at);
            }
        }
        return new Dataset(images.name(), images.format(), pixels, labels);
    }

    private void write(int image, int epoch, byte[] pixels, int at) {
        distortion.apply(images.storage(), images.start(image), epoch, image, values, 0);
        for (int j = 0; j < values.length; j++) {
            pixels[at + j] = (byte) Math.round(values[j]);
        }
    }

    private static List<Integer> firstOfEachClass(Dataset images) {
        boolean[] seen = new boolean[images.classes()];
        List<Integer> first = new ArrayList<>();
        for (int image = 0; image < images.size(); image++) {
            if (!seen[images.label(image)]) {
                seen[images.label(image)] = true;
                first.add(image);
            }
        }
        return first;
    }
}
