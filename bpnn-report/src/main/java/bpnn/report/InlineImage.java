package bpnn.report;

import bpnn.data.Dataset;
import bpnn.io.image.ImagePicture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Pictures inside a page. */
final class InlineImage {
    private InlineImage() {}

    /** An image of a data set. */
    static String dataUri(Dataset data, int image) {
        return dataUri(ImagePicture.of(data, image));
    }

    /** A PNG in the page itself. */
    static String dataUri(BufferedImage picture) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory does not fail", e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }
}
