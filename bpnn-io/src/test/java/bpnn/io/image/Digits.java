package bpnn.io.image;

import bpnn.data.ImageFormat;
import bpnn.io.image.InputPicture.Inversion;
import java.nio.file.Path;

/** Pictures as a network that was trained on MNIST takes them. */
public final class Digits {
    public static final ImageFormat FORMAT = ImageFormat.assumed(784, 10);
    public static final int SIDE = FORMAT.shape().height();

    private Digits() {}

    public static InputPicture read(Path file, Inversion inversion) {
        return InputPicture.read(file, FORMAT, inversion);
    }
}
