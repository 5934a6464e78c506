package bpnn.images;

import bpnn.data.Dataset;
import bpnn.mnist.DataSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is in a data set.
 *
 * @param parts training images, then those for validation if it sets some apart, then test images
 * @param mean of all pixels of the training images, 0 to 255
 * @param deviation of them, the square root of their variance
 */
public record Inspection(List<PartFacts> parts, double mean, double deviation) {
    public Inspection {
        parts = List.copyOf(parts);
    }

    /**
     * What is in a part.
     *
     * @param name train, validation or test
     * @param counts images of each class
     * @param constant images whose pixels are all equal
     * @param repeated images that are the same as one before them in the part
     * @param shared images that are among the training images too; none for those themselves
     */
    @SuppressWarnings("ArrayRecordComponent") // counts that are filled once; identity is the right equality
    public record PartFacts(String name, int[] counts, List<Integer> constant, int repeated, SharedImages shared) {
        /** Images of all classes. */
        public int size() {
            int sum = 0;
            for (int count : counts) {
                sum += count;
            }
            return sum;
        }
    }

    /** Looks at every image. */
    public static Inspection of(DataSplit data) {
        ImageHashes training = new ImageHashes(data.train());
        List<PartFacts> parts = new ArrayList<>();
        SharedImages none = new SharedImages(List.of(), 0);
        parts.add(new PartFacts("train", counts(data.train()), constant(data.train()), training.repeated(), none));
        Stream.ofNullable(data.validation())
                .forEach(part -> parts.add(part("validation", data.train(), training, part)));
        parts.add(part("test", data.train(), training, data.test()));
        long sum = 0;
        long squares = 0;
        Dataset train = data.train();
        int end = train.start(train.size());
        for (int i = train.start(0); i < end; i++) {
            long value = train.storage()[i] & 0xFF;
            sum += value;
            squares += value * value;
        }
        double count = end - train.start(0);
        double mean = sum / count;
        return new Inspection(parts, mean, StrictMath.sqrt(Math.max(0, squares / count - mean * mean)));
    }

    private static PartFacts part(String name, Dataset train, ImageHashes training, Dataset part) {
        return new PartFacts(
                name,
                counts(part),
                constant(part),
                new ImageHashes(part).repeated(),
                SharedImages.between(training, train, part));
    }

    private static int[] counts(Dataset data) {
        int[] counts = new int[data.classes()];
        for (int label : data.labels()) {
            counts[label]++;
        }
        return counts;
    }

    private static List<Integer> constant(Dataset data) {
        List<Integer> constant = new ArrayList<>();
        for (int image = 0; image < data.size(); image++) {
            int from = data.start(image);
            boolean same = true;
            for (int i = 1; i < data.features() && same; i++) {
                same = data.storage()[from + i] == data.storage()[from];
            }
            if (same) {
                constant.add(image);
            }
        }
        return constant;
    }
}
