package bpnn.report;

import bpnn.data.Dataset;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** An image of a data set as a picture. */
final class DigitImage {
    private DigitImage() {}

    static BufferedImage of(Dataset data, int image) {
        BufferedImage picture = new BufferedImage(data.width(), data.height(), BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < data.height(); y++) {
            for (int x = 0; x < data.width(); x++) {
                int grey = data.pixels()[image * data.features() + y * data.width() + x] & 0xFF;
                picture.getRaster().setSample(x, y, 0, grey);
            }
        }
        return picture;
    }

    /** A PNG in the page itself. */
    static String dataUri(Dataset data, int image) {
        return dataUri(of(data, image));
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
