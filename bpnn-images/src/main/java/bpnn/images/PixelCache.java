package bpnn.images;

import bpnn.data.DataException;
import bpnn.data.ImageShape;
import bpnn.io.file.AtomicFile;
import bpnn.mnist.Sha256;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decoded pixels of a folder of pictures in a file of the cache. It is valid as long as the list of pictures is the same,
 * with the size and the time of each file; a checksum of its own guards what it holds.
 */
final class PixelCache {
    /** Raised when decoding gives other pixels, so that older files are not taken for new ones. */
    private static final String FORMAT = "bpnn pixels 1\n";

    private static final int HASH_BYTES = 32;

    /** Read and written at a time: a channel takes as much memory again for the copy that it makes. */
    private static final int BUFFER_BYTES = 1 << 16;

    private static final int MAX_IMAGES = Integer.MAX_VALUE - 8;

    private final Path file;
    private final byte[] key;
    private final Consumer<String> notice;

    /** @param pictures whose pixels are kept */
    PixelCache(PictureList pictures, ReadOptions options) {
        Path root = pictures.root().toAbsolutePath().normalize();
        String place = HexFormat.of()
                .formatHex(
                        Sha256.digest().digest((root + " " + options.size()).getBytes(StandardCharsets.UTF_8)), 0, 8);
        this.file = options.cache().resolve(root.getFileName() + "-" + place + ".pixels");
        this.key = key(pictures, options);
        this.notice = options.notice();
    }

    private static byte[] key(PictureList pictures, ReadOptions options) {
        MessageDigest digest = Sha256.digest();
        StringBuilder line = new StringBuilder(FORMAT).append(options.size()).append('\n');
        for (PictureList.Entry entry : pictures.entries()) {
            line.append(entry.path())
                    .append('\0')
                    .append(entry.label())
                    .append('\0')
                    .append(entry.size())
                    .append('\0')
                    .append(entry.modified())
                    .append('\n');
            digest.update(line.toString().getBytes(StandardCharsets.UTF_8));
            line.setLength(0);
        }
        return digest.digest();
    }

    /** What was kept; nothing if there is none, it belongs to other pictures, or it is damaged. */
    Optional<DecodedPictures> read() {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        MessageDigest digest = Sha256.digest();
        try (DataInputStream in = new DataInputStream(
                new DigestInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES), digest))) {
            @Nullable DecodedPictures pictures = read(in);
            byte[] sum = digest.digest();
            return pictures != null && Arrays.equals(sum, in.readNBytes(HASH_BYTES))
                    ? Optional.of(pictures)
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            notice.accept("The cached pixels in " + file + " cannot be used (" + e.getMessage()
                    + "); the pictures are decoded again.");
            return Optional.empty();
        }
    }

    private @Nullable DecodedPictures read(DataInputStream in) throws IOException {
        if (!Arrays.equals(in.readNBytes(HASH_BYTES), key)) {
            return null;
        }
        ImageShape shape = new ImageShape(in.readInt(), in.readInt(), in.readInt());
        int count = in.readInt();
        long bytes = (long) count * shape.features();
        if (count < 1 || bytes > MAX_IMAGES || bytes > Files.size(file)) {
            throw new IOException("it claims " + count + " images");
        }
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = in.readInt();
        }
        List<String> unreadable = readSentences(in);
        List<String> warnings = readSentences(in);
        byte[] pixels = new byte[(int) bytes];
        for (int from = 0; from < pixels.length; from += BUFFER_BYTES) {
            in.readFully(pixels, from, Math.min(BUFFER_BYTES, pixels.length - from));
        }
        return new DecodedPictures(shape, pixels, labels, unreadable, warnings);
    }

    private static List<String> readSentences(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sentences.add(in.readUTF());
        }
        return sentences;
    }

    private static void writeSentences(List<String> sentences, DataOutputStream out) throws IOException {
        out.writeInt(sentences.size());
        for (String sentence : sentences) {
            out.writeUTF(sentence);
        }
    }

    /** Keeps pixels. A cache that cannot be written is no reason to stop. */
    void write(DecodedPictures pictures) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            AtomicFile.write(file, out -> write(pictures, out));
        } catch (IOException e) {
            notice.accept("The pixels could not be kept in " + file + ": " + AtomicFile.reason(e) + ".");
        } catch (DataException e) {
            notice.accept(String.valueOf(e.getMessage()));
        }
    }

    private void write(DecodedPictures pictures, OutputStream file) throws IOException {
        MessageDigest digest = Sha256.digest();
        DataOutputStream out = new DataOutputStream(new DigestOutputStream(file, digest));
        out.write(key);
        out.writeInt(pictures.shape().height());
        out.writeInt(pictures.shape().width());
        out.writeInt(pictures.shape().channels());
        out.writeInt(pictures.labels().length);
        for (int label : pictures.labels()) {
            out.writeInt(label);
        }
        writeSentences(pictures.unreadable(), out);
        writeSentences(pictures.warnings(), out);
        byte[] pixels = pictures.pixels();
        for (int from = 0; from < pixels.length; from += BUFFER_BYTES) {
            out.write(pixels, from, Math.min(BUFFER_BYTES, pixels.length - from));
        }
        out.flush();
        file.write(digest.digest());
    }
}
