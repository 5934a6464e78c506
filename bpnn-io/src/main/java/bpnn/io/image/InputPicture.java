package bpnn.io.image;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A picture of any size, brought to the form of the images that a network was trained on: what is drawn light on dark in the
 * box that MNIST or EMNIST would give it, or, for images that are not made like that, the whole picture.
 *
 * @param pixels as {@code Dataset} holds those of an image
 * @param inverted whether the picture was taken as dark on light
 * @param remarks what a user should know of, each the rest of a sentence that begins with the picture's name
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels; identity is the right equality
public record InputPicture(byte[] pixels, boolean inverted, List<String> remarks) {
    /** Whether a picture is dark on light, so that MNIST would hold its negative. */
    public enum Inversion {
        /** For what is drawn, found out by what is farther from the border's brightness: the darkest or the lightest. */
        AUTO,
        YES,
        NO
    }

    /**
     * Reads a PNG, or whatever else Java can read.
     *
     * @throws DataException if that fails, or the picture shows nothing that could be framed
     */
    public static InputPicture read(Path file, ImageFormat format, Inversion inversion) {
        return of(file.toString(), PictureFile.read(file), format, inversion);
    }

    /**
     * Likewise, of a file's content.
     *
     * @param name what to call it in messages
     */
    public static InputPicture decode(String name, byte[] content, ImageFormat format, Inversion inversion) {
        return of(name, PictureFile.decode(name, content), format, inversion);
    }

    private static InputPicture of(String name, PictureFile content, ImageFormat format, Inversion inversion) {
        if (format.framing() != Framing.WHOLE) {
            return FramedFigure.of(name, content, format, inversion);
        }
        byte[] pixels = PictureScaler.pixels(content, format.shape());
        boolean inverted = inversion == Inversion.YES;
        if (inverted) {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) (255 - (pixels[i] & 0xFF));
            }
        }
        return new InputPicture(pixels, inverted, content.remark() == null ? List.of() : List.of(content.remark()));
    }

    /** What is drawn; nothing if it shows nothing. */
    public static Optional<InputPicture> of(Drawing drawing, ImageFormat format) {
        if (format.framing() != Framing.WHOLE) {
            return FramedFigure.of(drawing, format);
        }
        return drawing.strokes().isEmpty()
                ? Optional.empty()
                : Optional.of(new InputPicture(
                        PictureScaler.pixels(new PictureFile(drawing.onSheet(), 1, null), format.shape()),
                        false,
                        List.of()));
    }

    /** The picture as a data set of one image; its label, which is unknown, plays no part. */
    public Dataset dataset(ImageFormat format) {
        return new Dataset("the picture", format, pixels, new int[1]);
    }

    /** @throws DataException unless a network of so many inputs can read pictures of such a format */
    public static void checkFits(int inputs, ImageFormat format) {
        if (inputs != format.shape().features() || format.shape().height() == 1) {
            throw new DataException("The model takes " + inputs
                    + " values, but does not say what pictures they are of; only one that was trained on 28x28 pixels"
                    + " needs not say so.");
        }
    }
}
