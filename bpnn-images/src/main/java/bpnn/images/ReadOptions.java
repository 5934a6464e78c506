package bpnn.images;

import bpnn.mnist.CacheFolder;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a user may decide about reading a data set.
 *
 * @param size what pictures are brought to; null for their own size, if they agree
 * @param splitSeed what test images are drawn by, where a data set has none of its own
 * @param cache where decoded pixels are kept
 * @param notice hears what takes long
 */
public record ReadOptions(@Nullable ImageSize size, long splitSeed, Path cache, Consumer<String> notice) {
    /** The seed unless a user says otherwise; the same for every training, so that all are judged by the same images. */
    public static final long SPLIT_SEED = 1;

    /** All as it comes. */
    public static ReadOptions standard() {
        return new ReadOptions(null, SPLIT_SEED, CacheFolder.of("pixels"), sentence -> {});
    }
}
