package bpnn.mnist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Small IDX files for tests. */
final class IdxBytes {
    private IdxBytes() {}

    /** A header for the given dimensions, followed by {@code elements}. */
    static byte[] file(int[] dimensions, byte... elements) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * dimensions.length + elements.length);
        buffer.putInt(0x0800 + dimensions.length);
        Arrays.stream(dimensions).forEach(buffer::putInt);
        return buffer.put(elements).array();
    }

    static byte[] images(int count, int height, int width) {
        byte[] pixels = new byte[count * height * width];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (31 * i + count);
        }
        return file(new int[] {count, height, width}, pixels);
    }

    static byte[] labels(int... labels) {
        byte[] elements = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            elements[i] = (byte) labels[i];
        }
        return file(new int[] {labels.length}, elements);
    }

    /** Three training and two test images of 4x3 pixels, uncompressed. */
    static Map<IdxPart, byte[]> dataSet() {
        return new EnumMap<>(Map.of(
                IdxPart.TRAIN_IMAGES, images(3, 4, 3),
                IdxPart.TRAIN_LABELS, labels(7, 0, 9),
                IdxPart.TEST_IMAGES, images(2, 4, 3),
                IdxPart.TEST_LABELS, labels(1, 2)));
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    static void writePlain(Path folder, Map<IdxPart, byte[]> files) throws IOException {
        for (Map.Entry<IdxPart, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey().fileName()), file.getValue());
        }
    }
}
