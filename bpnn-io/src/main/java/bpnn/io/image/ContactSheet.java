package bpnn.io.image;

import bpnn.data.Dataset;
import bpnn.io.file.AtomicFile;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Many small images on one large one. */
public final class ContactSheet {
    private ContactSheet() {}

    /** A row for each class with the first {@code columns} images of it, as a PNG file. */
    public static void write(Dataset images, int columns, Path file) {
        BufferedImage sheet = new BufferedImage(
                columns * images.width(), images.classes() * images.height(), BufferedImage.TYPE_BYTE_GRAY);
        int[] filled = new int[images.classes()];
        for (int image = 0; image < images.size(); image++) {
            int label = images.label(image);
            if (filled[label] < columns) {
                draw(images, image, sheet, filled[label] * images.width(), label * images.height());
                filled[label]++;
            }
        }
        AtomicFile.write(file, out -> ImageIO.write(sheet, "png", out));
    }

    private static void draw(Dataset images, int image, BufferedImage sheet, int left, int top) {
        for (int y = 0; y < images.height(); y++) {
            for (int x = 0; x < images.width(); x++) {
                int grey = images.pixels()[image * images.features() + y * images.width() + x] & 0xFF;
                sheet.getRaster().setSample(left + x, top + y, 0, grey);
            }
        }
    }
}
