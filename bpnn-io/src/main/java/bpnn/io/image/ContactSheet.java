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
                columns * images.width(), images.classes() * images.height(), ImagePicture.type(images));
        int[] filled = new int[images.classes()];
        for (int image = 0; image < images.size(); image++) {
            int label = images.label(image);
            if (filled[label] < columns) {
                ImagePicture.draw(images, image, sheet, filled[label] * images.width(), label * images.height());
                filled[label]++;
            }
        }
        AtomicFile.write(file, out -> ImageIO.write(sheet, "png", out));
    }
}
