package bpnn.images;

import bpnn.data.ImageShape;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The shape of images that are given as rows of numbers. */
final class FlatImages {
    private FlatImages() {}

    /** A grey square, else a square of three channels; empty if it is neither, or not of the size that is asked for. */
    static Optional<ImageShape> shape(int features, @Nullable ImageSize size) {
        for (int channels : new int[] {1, ImageShape.COLOUR}) {
            if (size != null) {
                ImageShape shape = size.shape(channels);
                if (shape.features() == features) {
                    return Optional.of(shape);
                }
            } else {
                int side = (int) Math.round(Math.sqrt((double) features / channels));
                if (side > 0 && side * side * channels == features) {
                    return Optional.of(new ImageShape(side, side, channels));
                }
            }
        }
        return Optional.empty();
    }
}
