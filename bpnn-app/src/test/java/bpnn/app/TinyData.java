package bpnn.app;

import bpnn.data.Dataset;
import bpnn.mnist.DataSplit;
import bpnn.mnist.SyntheticDigits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder with a few synthetic digits in IDX files. */
public final class TinyData {
    public static final int TRAIN = 300;
    public static final int TEST = 50;

    private TinyData() {}

    public static Path in(Path parent) {
        Path folder = parent.resolve("tiny");
        if (Files.exists(folder)) {
            return folder;
        }
        DataSplit split = SyntheticDigits.generate(7, TRAIN, TEST);
        try {
            Files.createDirectories(folder);
            write(folder, "train", split.train());
            write(folder, "t10k", split.test());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static void write(Path folder, String half, Dataset data) throws IOException {
        ByteBuffer images = ByteBuffer.allocate(16 + data.pixels().length);
        images.putInt(0x803).putInt(data.size()).putInt(data.height()).putInt(data.width());
        Files.write(
                folder.resolve(half + "-images-idx3-ubyte"),
                images.put(data.pixels()).array());
        ByteBuffer labels = ByteBuffer.allocate(8 + data.size());
        labels.putInt(0x801).putInt(data.size());
        for (int label : data.labels()) {
            labels.put((byte) label);
        }
        Files.write(folder.resolve(half + "-labels-idx1-ubyte"), labels.array());
    }
}
