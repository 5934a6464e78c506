package bpnn.io.image;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.io.file.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A picture of a digit, made into what MNIST would hold: light on dark, the digit in a box of 20x20 pixels whose centre
 * of mass lies in the centre of 28x28. A picture of that very size is taken as it is.
 *
 * @param pixels grey values of 28 rows of 28
 * @param inverted whether the picture was dark on light
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels; identity is the right equality
public record DigitPicture(byte[] pixels, boolean inverted) {
    /** Rows and columns. */
    public static final int SIDE = 28;

    private static final int MAX_SIDE = 4096;

    /**
     * Reads a PNG, or whatever else Java can read.
     *
     * @throws DataException if that fails, or the picture shows nothing
     */
    public static DigitPicture read(Path file) {
        GreyImage grey = GreyImage.of(decode(file));
        boolean inverted = grey.borderMean() > 127.5;
        GreyImage light = inverted ? grey.inverted() : grey;
        if (light.width() == SIDE && light.height() == SIDE) {
            return new DigitPicture(light.bytes(), inverted);
        }
        return of(light, inverted)
                .orElseThrow(
                        () -> new DataException(file + " shows no digit: all of it has about the same brightness."));
    }

    /** What is drawn; nothing if it shows nothing. */
    public static Optional<DigitPicture> of(Drawing drawing) {
        return of(GreyImage.of(drawing.onPaper()), false);
    }

    private static Optional<DigitPicture> of(GreyImage light, boolean inverted) {
        GreyImage digit = light.croppedToInk();
        return digit.width() == 0
                ? Optional.empty()
                : Optional.of(new DigitPicture(digit.centred(SIDE).bytes(), inverted));
    }

    /**
     * The picture as a data set of one image; its label, which is unknown, plays no part.
     *
     * @param classes the classes of the model that is to read it
     */
    public Dataset dataset(int classes) {
        return new Dataset("the picture", SIDE, SIDE, classes, pixels, new byte[1]);
    }

    /** @throws DataException unless a network of so many inputs can read such pictures */
    public static void checkFits(int inputs) {
        if (inputs != SIDE * SIDE) {
            throw new DataException(
                    "Pictures are made into " + SIDE * SIDE + " pixels, but the model takes " + inputs + ".");
        }
    }

    private static BufferedImage decode(Path file) {
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
                return reader.read(0);
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
