package bpnn.images;

import bpnn.data.Dataset;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Images set apart to test on: of each class the same share, drawn at random.
 *
 * @param train the others, in their order
 * @param test the drawn ones, in their order
 */
record TestDraw(Dataset train, Dataset test) {
    /** One in so many, as in MNIST: 10,000 beside 60,000. */
    private static final int PARTS = 7;

    private static final int MOST = 10_000;

    /**
     * Draws the test images.
     *
     * @param data a whole data set, whose memory the training images stay in; it must not be used any more
     */
    static TestDraw of(Dataset data, long seed) {
        double share = Math.min(1.0 / PARTS, (double) MOST / data.size());
        List<List<Integer>> byClass = new ArrayList<>();
        for (int i = 0; i < data.classes(); i++) {
            byClass.add(new ArrayList<>());
        }
        for (int image = 0; image < data.size(); image++) {
            byClass.get(data.label(image)).add(image);
        }
        BitSet drawn = new BitSet(data.size());
        for (int of = 0; of < byClass.size(); of++) {
            int[] images = byClass.get(of).stream().mapToInt(Integer::intValue).toArray();
            new RandomStream(seed, Purpose.SPLIT, of, 0).shuffle(images);
            int count = images.length < 2 ? 0 : Math.max(1, (int) Math.round(share * images.length));
            Arrays.stream(images, 0, count).forEach(drawn::set);
        }
        byte[] testPixels = new byte[drawn.cardinality() * data.features()];
        Dataset test = moved(data, drawn, testPixels);
        BitSet rest = new BitSet(data.size());
        rest.set(0, data.size());
        rest.andNot(drawn);
        return new TestDraw(moved(data, rest, data.storage()), test);
    }

    /** Images one behind the other in some memory, which may be that where they lie. */
    private static Dataset moved(Dataset data, BitSet images, byte[] target) {
        int features = data.features();
        int[] labels = new int[target.length / features];
        int place = 0;
        for (int image = images.nextSetBit(0); image >= 0; image = images.nextSetBit(image + 1)) {
            System.arraycopy(data.storage(), data.start(image), target, place * features, features);
            labels[place++] = data.label(image);
        }
        return new Dataset(data.name(), data.format(), target, labels).slice(0, place);
    }
}
