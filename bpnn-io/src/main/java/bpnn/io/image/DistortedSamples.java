package bpnn.io.image;

import bpnn.data.Dataset;
import bpnn.data.ImageShape;
import bpnn.spi.Augmentation;
import bpnn.spi.Distortion;
import bpnn.spi.ImageDistortion;
import java.util.ArrayList;
import java.util.List;

/** What random distortion makes of images. */
public final class DistortedSamples {
    private DistortedSamples() {}

    /**
     * The first image of each class, followed by what a training would make of it in its first epochs.
     *
     * @param versions images of each class, with the original
     */
    public static Dataset of(Dataset images, Distortion distortion, long seed, int versions) {
        ImageShape shape = images.format().shape();
        Augmentation augmentation = new Augmentation(seed, shape.height(), shape.width(), shape.channels(), distortion);
        ImageDistortion warp = new ImageDistortion(augmentation, augmentation.smoothing());
        List<Integer> first = firstOfEachClass(images);
        byte[] pixels = new byte[first.size() * versions * images.features()];
        int[] labels = new int[first.size() * versions];
        float[] values = new float[images.features()];
        for (int i = 0; i < labels.length; i++) {
            int image = first.get(i / versions);
            int epoch = i % versions;
            labels[i] = images.label(image);
            int at = i * images.features();
            if (epoch == 0) {
                System.arraycopy(images.storage(), images.start(image), pixels, at, images.features());
                continue;
            }
            warp.apply(images.storage(), images.start(image), epoch, image, values, 0);
            for (int j = 0; j < values.length; j++) {
                pixels[at + j] = (byte) Math.round(values[j]);
            }
        }
        return new Dataset(images.name(), images.format(), pixels, labels);
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
