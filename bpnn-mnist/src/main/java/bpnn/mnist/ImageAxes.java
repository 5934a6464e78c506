package bpnn.mnist;

import bpnn.data.ImageShape;
import java.util.Optional;

/**
 * What the sides of an array of images mean.
 *
 * @param shape of an image
 * @param planes whether the channels of an image lie one behind the other instead of side by side
 */
public record ImageAxes(ImageShape shape, boolean planes) {
    /**
     * The meaning of the sides of one image: rows and columns, with 1 or 3 channels before or behind; empty if they mean
     * nothing.
     */
    public static Optional<ImageAxes> of(int... sides) {
        if (sides.length == 2) {
            return Optional.of(new ImageAxes(ImageShape.grey(sides[0], sides[1]), false));
        }
        if (sides.length == 3 && isChannels(sides[2])) {
            return Optional.of(new ImageAxes(new ImageShape(sides[0], sides[1], sides[2]), false));
        }
        if (sides.length == 3 && isChannels(sides[0])) {
            return Optional.of(new ImageAxes(new ImageShape(sides[1], sides[2], sides[0]), true));
        }
        return Optional.empty();
    }

    private static boolean isChannels(int side) {
        return side == 1 || side == ImageShape.COLOUR;
    }

    /** Puts channels side by side, in place. */
    public byte[] interleave(byte[] pixels) {
        if (planes && shape.channels() > 1) {
            PixelOrder.transpose(pixels, shape.channels(), shape.height() * shape.width());
        }
        return pixels;
    }
}
