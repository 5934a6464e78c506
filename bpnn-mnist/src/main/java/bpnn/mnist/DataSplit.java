package bpnn.mnist;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a data set, with hashes that identify them in the record of a run.
 *
 * @param train training images
 * @param validation images that the data set itself sets apart for validation; null if it does not
 * @param test test images
 * @param trainSha256 SHA-256 over the training pixels followed by the training labels, one unsigned byte each, or two,
 *     big-endian, if there are more than 256 classes; 64 lower-case hexadecimal digits
 * @param testSha256 the same for the test images
 * @param facts how the parts came about, for the record of a run, by name
 * @param warnings what a user should know of them, a sentence each
 */
public record DataSplit(
        Dataset train,
        @Nullable Dataset validation,
        Dataset test,
        String trainSha256,
        String testSha256,
        Map<String, String> facts,
        List<String> warnings) {
    private static final String PUBLISHED = "published";

    /** @throws DataException if the parts differ in size or classes */
    public DataSplit {
        facts = Map.copyOf(facts);
        warnings = List.copyOf(warnings);
        check(train, test, "test");
        if (validation != null) {
            check(train, validation, "validation");
        }
    }

    /** The same, known to be what was published under a name. */
    public DataSplit published(String name) {
        Map<String, String> more = new HashMap<>(facts);
        more.put(PUBLISHED, name);
        return new DataSplit(train, validation, test, trainSha256, testSha256, more, warnings);
    }

    /** Whether it was checked to be what was published under its name. */
    public boolean isPublished() {
        return facts.containsKey(PUBLISHED);
    }

    private static void check(Dataset train, Dataset other, String part) {
        if (!train.format().shape().equals(other.format().shape())) {
            throw new DataException("The training images of " + train.name() + " are "
                    + train.format().shape() + " pixels, but its " + part + " images are "
                    + other.format().shape() + ".");
        }
        if (!train.classNames().equals(other.classNames())) {
            throw new DataException("The training images of " + train.name() + " are of the classes "
                    + train.format().listing() + ", but its " + part + " images are of "
                    + other.format().listing() + ".");
        }
    }

    /** Combines a training and a test set of which there is nothing more to say, and computes their hashes. */
    public static DataSplit of(Dataset train, Dataset test) {
        return of(train, null, test, Map.of(), List.of());
    }

    /** Combines data sets and computes their hashes. */
    public static DataSplit of(
            Dataset train,
            @Nullable Dataset validation,
            Dataset test,
            Map<String, String> facts,
            List<String> warnings) {
        return new DataSplit(train, validation, test, hash(train), hash(test), facts, warnings);
    }

    private static String hash(Dataset data) {
        int width = data.classes() > 1 << Byte.SIZE ? 2 : 1;
        byte[] labels = new byte[width * data.size()];
        for (int i = 0; i < data.size(); i++) {
            if (width == 2) {
                labels[2 * i] = (byte) (data.label(i) >> Byte.SIZE);
            }
            labels[width * i + width - 1] = (byte) data.label(i);
        }
        MessageDigest digest = Sha256.digest();
        digest.update(data.storage(), data.start(0), data.size() * data.features());
        digest.update(labels);
        return Sha256.text(digest);
    }
}
