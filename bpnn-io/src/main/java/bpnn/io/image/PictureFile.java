package bpnn.io.image;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A picture as its file holds it.
 *
 * @param image its pixels, as they are stored
 * @param orientation how they are to be turned and mirrored, from 1 to 8 (EXIF 2.32, tag 0x0112)
 * @param remark what could not be made out; null if nothing
 */
record PictureFile(
        BufferedImage image, int orientation, @Nullable String remark) {
    private static final int MAX_SIDE = 4096;

    /** Formats of the JDK whose files may hold EXIF. */
    private static final Set<String> WITH_EXIF = Set.of("jpeg", "jpg", "png", "tif", "tiff");

    /**
     * Reads a PNG, or whatever else Java can read.
     *
     * @throws DataException if that fails
     */
    static PictureFile read(Path file) {
        try (ImageInputStream stream = open(file)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new DataException(file + " is not a picture that can be read; a PNG file is expected.");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                int width = reader.getWidth(0);
                int height = reader.getHeight(0);
                if (width > MAX_SIDE || height > MAX_SIDE) {
                    throw new DataException(file + " is " + width + "x" + height + " pixels large, but at most "
                            + MAX_SIDE + "x" + MAX_SIDE + " are read; make it smaller.");
                }
                String format = reader.getFormatName().toLowerCase(Locale.ROOT);
                BufferedImage image = reader.read(0);
                return WITH_EXIF.contains(format) ? withOrientation(file, image) : new PictureFile(image, 1, null);
            } finally {
                reader.dispose();
            }
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(file + " could not be read as a picture: " + AtomicFile.reason(e) + ".", e);
        } catch (RuntimeException e) {
            // The decoders of the JDK meet malformed files with all sorts of unchecked exceptions.
            throw new DataException(file + " is a malformed picture: " + e.getMessage() + ".", e);
        }
    }

    /** A picture that can be seen is not refused for metadata that cannot be read. */
    private static PictureFile withOrientation(Path file, BufferedImage image) {
        try {
            return new PictureFile(image, orientation(ImageMetadataReader.readMetadata(file.toFile())), null);
        } catch (IOException | ImageProcessingException | RuntimeException e) {
            return new PictureFile(
                    image,
                    1,
                    "has metadata that cannot be read (" + e.getMessage() + "); it is taken to stand upright");
        }
    }

    private static int orientation(Metadata metadata) {
        for (ExifIFD0Directory directory : metadata.getDirectoriesOfType(ExifIFD0Directory.class)) {
            Integer orientation = directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            if (orientation != null) {
                return orientation >= 1 && orientation <= 8 ? orientation : 1;
            }
        }
        return 1;
    }

    private static ImageInputStream open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        ImageInputStream stream = ImageIO.createImageInputStream(file.toFile());
        if (stream == null) {
            throw new IOException("it cannot be opened");
        }
        return stream;
    }
}
