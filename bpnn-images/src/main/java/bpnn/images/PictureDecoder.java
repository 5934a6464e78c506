package bpnn.images;

import bpnn.data.DataException;
import bpnn.data.ImageShape;
import bpnn.io.image.WholePicture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;

/** Decodes the pictures of a list on all cores, into an array that is as large as the data set and no larger. */
final class PictureDecoder {
    /** Pictures that tell what all are like. */
    private static final int SAMPLE = 100;

    /** Pictures per task: small enough to balance the load across all cores. */
    private static final int CHUNK = 64;

    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private PictureDecoder() {}

    /**
     * The shape of a few pictures, if they agree.
     *
     * @param options decides where they do not
     * @param warnings hears if pictures of several sizes are brought to one that nobody asked for
     */
    private static ImageShape shape(PictureList pictures, ReadOptions options, List<String> warnings) {
        int count = pictures.entries().size();
        int step = Math.max(1, count / SAMPLE);
        List<WholePicture> sample = new ArrayList<>();
        for (int i = 0; i < count; i += step) {
            look(pictures.root().resolve(pictures.entries().get(i).path())).ifPresent(sample::add);
        }
        if (sample.isEmpty()) {
            throw new DataException("None of the pictures of " + pictures.root() + " that were tried can be read.");
        }
        int channels = sample.stream().anyMatch(WholePicture::colour) ? ImageShape.COLOUR : 1;
        if (options.size() != null) {
            return options.size().shape(channels);
        }
        int height = sample.get(0).height();
        int width = sample.get(0).width();
        boolean same = sample.stream().allMatch(picture -> picture.height() == height && picture.width() == width);
        if (same && Math.max(height, width) <= PictureFolder.LARGEST_SIDE) {
            return new ImageShape(height, width, channels);
        }
        warnings.add("The pictures of " + pictures.root() + " are "
                + (same ? height + "x" + width + " pixels large" : "of several sizes")
                + "; they are brought to " + PictureFolder.USUAL_SIDE + "x" + PictureFolder.USUAL_SIDE
                + ". --image-size decides otherwise.");
        return new ImageShape(PictureFolder.USUAL_SIDE, PictureFolder.USUAL_SIDE, channels);
    }

    /** What cannot be read is counted when all are decoded. */
    private static Optional<WholePicture> look(Path file) {
        try {
            return Optional.of(WholePicture.of(file));
        } catch (DataException e) {
            return Optional.empty();
        }
    }

    /** @throws DataException if the pixels cannot be held in memory, or no picture can be read */
    static DecodedPictures decode(PictureList pictures, ReadOptions options) {
        List<String> warnings = new ArrayList<>();
        ImageShape shape = shape(pictures, options, warnings);
        List<PictureList.Entry> entries = pictures.entries();
        int features = shape.features();
        if ((long) entries.size() * features > MAX_BYTES) {
            throw new DataException("The " + entries.size() + " pictures of " + pictures.root() + " have "
                    + (long) entries.size() * features + " values at " + shape + ", but at most " + MAX_BYTES
                    + " can be held in memory; choose a smaller --image-size.");
        }
        byte[] pixels = new byte[entries.size() * features];
        SortedMap<Integer, String> faults = new ConcurrentSkipListMap<>();
        IntStream.range(0, (entries.size() + CHUNK - 1) / CHUNK).parallel().forEach(chunk -> {
            int end = Math.min(entries.size(), (chunk + 1) * CHUNK);
            for (int i = chunk * CHUNK; i < end; i++) {
                Path file = pictures.root().resolve(entries.get(i).path());
                try {
                    System.arraycopy(WholePicture.read(file, shape), 0, pixels, i * features, features);
                } catch (DataException e) {
                    faults.put(i, String.valueOf(e.getMessage()));
                }
            }
        });
        if (faults.size() == entries.size()) {
            throw new DataException("None of the " + entries.size() + " pictures of " + pictures.root()
                    + " can be read: " + faults.get(faults.firstKey()));
        }
        return without(faults, pixels, entries, shape, warnings);
    }

    private static DecodedPictures without(
            SortedMap<Integer, String> faults,
            byte[] pixels,
            List<PictureList.Entry> entries,
            ImageShape shape,
            List<String> warnings) {
        int features = shape.features();
        int[] labels = new int[entries.size() - faults.size()];
        int kept = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (!faults.containsKey(i)) {
                if (kept < i) {
                    System.arraycopy(pixels, i * features, pixels, kept * features, features);
                }
                labels[kept++] = entries.get(i).label();
            }
        }
        byte[] rest = faults.isEmpty() ? pixels : Arrays.copyOf(pixels, kept * features);
        return new DecodedPictures(shape, rest, labels, List.copyOf(faults.values()), warnings);
    }
}
