package bpnn.images;

import bpnn.data.Dataset;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Finds images by their pixels. */
final class ImageHashes {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** An odd number with bits all over, the golden ratio in 64 bits (D. E. Knuth, TAOCP 3, section 6.4). */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Dataset data;
    private final Map<Long, Integer> first = new HashMap<>();
    private int repeated;

    /** All images of a data set. */
    ImageHashes(Dataset data) {
        this.data = data;
        for (int image = 0; image < data.size(); image++) {
            Integer before = first.putIfAbsent(hash(data, image), image);
            if (before != null && isSame(data, image, before)) {
                repeated++;
            }
        }
    }

    /** Images that are the same as one before them. */
    int repeated() {
        return repeated;
    }

    /** An image with the same pixels as one of another data set of the same shape; -1 if there is none. */
    int find(Dataset other, int image) {
        Integer found = first.get(hash(other, image));
        return found != null && isSame(other, image, found) ? found : -1;
    }

    private boolean isSame(Dataset other, int image, int mine) {
        int features = data.features();
        return Arrays.equals(
                other.storage(),
                other.start(image),
                other.start(image) + features,
                data.storage(),
                data.start(mine),
                data.start(mine) + features);
    }

    private static long hash(Dataset data, int image) {
        byte[] pixels = data.storage();
        int place = data.start(image);
        int end = place + data.features();
        long hash = 0;
        for (; place + Long.BYTES <= end; place += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ (long) LONG.get(pixels, place), 29) * GOLDEN;
        }
        for (; place < end; place++) {
            hash = Long.rotateLeft(hash ^ pixels[place], 29) * GOLDEN;
        }
        return hash;
    }
}
