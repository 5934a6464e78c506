package bpnn.io.image;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
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

    /** As much as the largest picture takes uncompressed, at 16 bits a channel, and something for its metadata. */
    private static final long MAX_BYTES = 9L * MAX_SIDE * MAX_SIDE;

    /** Stands in front of EXIF in a JPEG. */
    private static final byte[] MARK = {'E', 'x', 'i', 'f'};

    private static final int PNG_MARK = 8;

    /** Length, type and checksum of a chunk. */
    private static final int CHUNK_FRAME = 12;

    private static final Set<String> PLAIN_CHUNKS = Set.of(
            "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "hIST", "pHYs", "tIME");

    /** Formats of the JDK whose files may hold EXIF. */
    private static final Set<String> WITH_EXIF = Set.of("jpeg", "jpg", "png", "tif", "tiff");

    /**
     * Reads a PNG, or whatever else Java can read.
     *
     * @throws DataException if that fails
     */
    static PictureFile read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(file.toString());
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new DataException(file + " is too large for a picture: it has " + Files.size(file)
                        + " bytes, but at most " + MAX_BYTES + " are read.");
            }
            return decode(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /**
     * Likewise, of a file's content.
     *
     * @param name what to call it in messages
     */
    static PictureFile decode(String name, byte[] content) {
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new DataException(name + " is not a picture that can be read; a PNG file is expected.");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                int width = reader.getWidth(0);
                int height = reader.getHeight(0);
                if (width > MAX_SIDE || height > MAX_SIDE) {
                    throw new DataException(name + " is " + width + "x" + height + " pixels large, but at most "
                            + MAX_SIDE + "x" + MAX_SIDE + " are read; make it smaller.");
                }
                String format = reader.getFormatName().toLowerCase(Locale.ROOT);
                BufferedImage image = reader.read(0);
                return WITH_EXIF.contains(format) ? withOrientation(content, image) : new PictureFile(image, 1, null);
            } finally {
                reader.dispose();
            }
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(name, e);
        } catch (RuntimeException e) {
            // The decoders of the JDK meet malformed files with all sorts of unchecked exceptions.
            throw new DataException(name + " is a malformed picture: " + e.getMessage() + ".", e);
        }
    }

    private static DataException unreadable(String name, IOException e) {
        return new DataException(name + " could not be read as a picture: " + AtomicFile.reason(e) + ".", e);
    }

    /** A picture that can be seen is not refused for metadata that cannot be read. */
    private static PictureFile withOrientation(byte[] content, BufferedImage image) {
        if (!mayHoldExif(content)) {
            return new PictureFile(image, 1, null);
        }
        try {
            Metadata metadata = ImageMetadataReader.readMetadata(new ByteArrayInputStream(content));
            return new PictureFile(image, orientation(metadata), null);
        } catch (IOException | ImageProcessingException | RuntimeException e) {
            return new PictureFile(
                    image,
                    1,
                    "has metadata that cannot be read (" + e.getMessage() + "); it is taken to stand upright");
        }
    }

    /** Most small pictures of a data set have no EXIF, and looking for it properly takes longer than decoding them. */
    private static boolean mayHoldExif(byte[] content) {
        return !isPlainPng(content) && !isPlainJpeg(content);
    }

    /** Whether all chunks of a PNG are of kinds that hold no EXIF. */
    private static boolean isPlainPng(byte[] content) {
        ByteBuffer chunks = ByteBuffer.wrap(content);
        if (content.length < PNG_MARK || chunks.getLong() != 0x89504E470D0A1A0AL) {
            return false;
        }
        while (chunks.remaining() >= CHUNK_FRAME) {
            int length = chunks.getInt();
            String type = new String(content, chunks.position(), 4, StandardCharsets.ISO_8859_1);
            if (!PLAIN_CHUNKS.contains(type) || length < 0 || length > chunks.remaining() - 8) {
                return false;
            }
            chunks.position(chunks.position() + 8 + length);
        }
        return true;
    }

    /** Whether a JPEG has no segment of EXIF. */
    private static boolean isPlainJpeg(byte[] content) {
        if (content.length < 2 || content[0] != (byte) 0xFF || content[1] != (byte) 0xD8) {
            return false;
        }
        for (int i = 0; i + MARK.length <= content.length; i++) {
            if (Arrays.equals(content, i, i + MARK.length, MARK, 0, MARK.length)) {
                return false;
            }
        }
        return true;
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
}
