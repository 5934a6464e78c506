package bpnn.images;

import bpnn.data.Dataset;
import java.util.ArrayList;
import java.util.List;

/**
 * Images of a data set that are in its training part too, pixel for pixel.
 *
 * @param images the places of those images
 * @param contradicting how many of them are of another class there
 */
public record SharedImages(List<Integer> images, int contradicting) {
    public SharedImages {
        images = List.copyOf(images);
    }

    /** The images of {@code other} that are in {@code train}. */
    public static SharedImages between(Dataset train, Dataset other) {
        return between(new ImageHashes(train), train, other);
    }

    static SharedImages between(ImageHashes hashes, Dataset train, Dataset other) {
        List<Integer> images = new ArrayList<>();
        int contradicting = 0;
        for (int image = 0; image < other.size(); image++) {
            int found = hashes.find(other, image);
            if (found >= 0) {
                images.add(image);
                contradicting += train.label(found) == other.label(image) ? 0 : 1;
            }
        }
        return new SharedImages(images, contradicting);
    }
}
