package bpnn.io.image;

import bpnn.data.Dataset;
import bpnn.io.file.AtomicFile;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Many small images on one large one. */
public final class ContactSheet {
    private ContactSheet() {}

    /** The first {@code most} images of one class, {@code columns} in a row, as a PNG file. */
    public static void writeClass(Dataset images, int of, int most, int columns, Path file) {
        int[] places = IntStream.range(0, images.size())
                .filter(image -> images.label(image) == of)
                .limit(most)
                .toArray();
        int rows = Math.max(1, (places.length + columns - 1) / columns);
        BufferedImage sheet =
                new BufferedImage(columns * images.width(), rows * images.height(), ImagePicture.type(images));
        for (int i = 0; i < places.length; i++) {
            ImagePicture.draw(images, places[i], sheet, i % columns * images.width(), i / columns * images.height());
        }
        AtomicFile.write(file, out -> ImageIO.write(sheet, "png", out));
    }

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
