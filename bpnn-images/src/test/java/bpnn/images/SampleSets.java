package bpnn.images;

import bpnn.data.Dataset;
import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Small data sets, written byte for byte in the formats in which large ones are published. */
public final class SampleSets {
    public static final int TRAIN = 180;
    public static final int TEST = 60;

    private static final int UBYTE = 8;
    private static final int INT = 12;

    private SampleSets() {}

    /** Images of classes that can be told apart: stripes of another direction for each, under noise. */
    public static Dataset images(String name, ImageShape shape, List<String> classes, int count, int stream) {
        byte[] pixels = new byte[count * shape.features()];
        int[] labels = new int[count];
        for (int image = 0; image < count; image++) {
            RandomStream random = new RandomStream(5, Purpose.SYNTHETIC_DATA, image, 100 + stream);
            labels[image] = image < classes.size() ? image : random.nextInt(classes.size());
            double angle = Math.PI * labels[image] / classes.size();
            for (int i = 0; i < shape.features(); i++) {
                int pixel = i / shape.channels();
                double along = Math.cos(angle) * (pixel % shape.width()) + Math.sin(angle) * (pixel / shape.width());
                double wave = Math.sin(along * (0.7 + 0.4 * (i % shape.channels())));
                pixels[image * shape.features() + i] = (byte) Math.round(110 + 80 * wave + random.nextFloat(0, 40));
            }
        }
        return new Dataset(name, new ImageFormat(shape, classes, Framing.WHOLE), pixels, labels);
    }

    /** A data set as Fashion-MNIST is: ten classes in IDX files. */
    public static Path fashion(Path parent) {
        ImageShape shape = ImageShape.grey(28, 28);
        Path folder = folder(parent, "fashion");
        idx(folder, "train", images("fashion", shape, ImageFormat.numbers(10), TRAIN, 0));
        idx(folder, "t10k", images("fashion", shape, ImageFormat.numbers(10), TEST, 1));
        return folder;
    }

    /** Any images in the four IDX files. */
    public static Path idx(Path folder, Dataset train, Dataset test) {
        idx(folder, "train", train);
        idx(folder, "t10k", test);
        return folder;
    }

    private static void idx(Path folder, String half, Dataset data) {
        write(folder.resolve(half + "-images-idx3-ubyte.gz"), gzip(idxImages(data, false)));
        write(folder.resolve(half + "-labels-idx1-ubyte.gz"), gzip(idxLabels(data, 0)));
    }

    /** As EMNIST Letters is: letters from 1 to 26, images on their sides, a mapping beside them, and another set there too. */
    public static Path emnistLetters(Path parent) {
        Path folder = folder(parent, "gzip");
        List<String> letters = IntStream.range(0, 26)
                .mapToObj(i -> "" + (char) ('A' + i) + (char) ('a' + i))
                .toList();
        StringBuilder mapping = new StringBuilder();
        for (int i = 0; i < letters.size(); i++) {
            mapping.append(i + 1)
                    .append(' ')
                    .append('A' + i)
                    .append(' ')
                    .append('a' + i)
                    .append('\n');
        }
        write(folder.resolve("emnist-letters-mapping.txt"), mapping.toString().getBytes(StandardCharsets.US_ASCII));
        ImageShape shape = ImageShape.grey(28, 28);
        for (Map.Entry<String, Integer> half :
                Map.of("train", 2 * TRAIN, "test", TEST).entrySet()) {
            Dataset data = images(
                    "letters", shape, letters, half.getValue(), half.getKey().length());
            write(
                    folder.resolve("emnist-letters-" + half.getKey() + "-images-idx3-ubyte.gz"),
                    gzip(idxImages(data, true)));
            write(
                    folder.resolve("emnist-letters-" + half.getKey() + "-labels-idx1-ubyte.gz"),
                    gzip(idxLabels(data, 1)));
        }
        write(folder.resolve("emnist-digits-test-labels-idx1-ubyte.gz"), new byte[0]);
        return folder.resolve("emnist-letters");
    }

    /** As QMNIST is: labels of eight integers of which the first is the class. */
    public static Path qmnist(Path parent) {
        Path folder = folder(parent, "qmnist");
        for (Map.Entry<String, Integer> half :
                Map.of("train", TRAIN, "test", TEST).entrySet()) {
            Dataset data = images(
                    "qmnist",
                    ImageShape.grey(28, 28),
                    ImageFormat.numbers(10),
                    half.getValue(),
                    half.getKey().length());
            ByteBuffer table = header(INT, data.size(), 8);
            for (int label : data.labels()) {
                table.putInt(label);
                for (int column = 1; column < 8; column++) {
                    table.putInt(1000 * column + label);
                }
            }
            write(folder.resolve("qmnist-" + half.getKey() + "-images-idx3-ubyte.gz"), gzip(idxImages(data, false)));
            write(folder.resolve("qmnist-" + half.getKey() + "-labels-idx2-int.gz"), gzip(table.array()));
        }
        return folder;
    }

    /** As the binary version of CIFAR-10 is: five batches, and names in a file of their own. */
    public static Path cifar10(Path parent) {
        Path folder = folder(parent, "cifar");
        Path batches = folder(folder, "cifar-10-batches-bin");
        List<String> names =
                List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
        ImageShape shape = new ImageShape(32, 32, 3);
        Dataset train = images("cifar", shape, names, TRAIN, 0);
        for (int i = 0; i < 5; i++) {
            write(
                    batches.resolve("data_batch_" + (i + 1) + ".bin"),
                    cifarRecords(train.slice(i * TRAIN / 5, (i + 1) * TRAIN / 5)));
        }
        write(batches.resolve("test_batch.bin"), cifarRecords(images("cifar", shape, names, TEST, 1)));
        write(
                batches.resolve("batches.meta.txt"),
                (String.join("\n", names) + "\n\n").getBytes(StandardCharsets.US_ASCII));
        return folder;
    }

    private static byte[] cifarRecords(Dataset data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int image = 0; image < data.size(); image++) {
            out.write(data.label(image));
            for (int channel = 0; channel < 3; channel++) {
                for (int pixel = 0; pixel < 32 * 32; pixel++) {
                    out.write(data.storage()[data.start(image) + 3 * pixel + channel]);
                }
            }
        }
        return out.toByteArray();
    }

    /** As MedMNIST's sets are: an archive with a part for validation, labels as a column. */
    public static Path medMnist(Path parent) {
        ImageShape shape = new ImageShape(28, 28, 3);
        List<String> classes = ImageFormat.numbers(4);
        Map<String, byte[]> arrays = new TreeMap<>();
        for (Map.Entry<String, Integer> half :
                Map.of("train", TRAIN, "val", TEST / 2, "test", TEST).entrySet()) {
            Dataset data =
                    images("med", shape, classes, half.getValue(), half.getKey().length());
            arrays.put(half.getKey() + "_images", npy("|u1", data.pixels(), data.size(), 28, 28, 3));
            arrays.put(half.getKey() + "_labels", npy("|u1", labels(data), data.size(), 1));
        }
        Path file = folder(parent, "med").resolve("bloodlike.npz");
        write(file, npz(arrays));
        return file;
    }

    /** As Keras's {@code mnist.npz} is. */
    public static Path kerasNpz(Path file, Dataset train, Dataset test) {
        write(
                file,
                npz(Map.of(
                        "x_train", npy("|u1", train.pixels(), train.size(), train.height(), train.width()),
                        "y_train", npy("|u1", labels(train), train.size()),
                        "x_test", npy("|u1", test.pixels(), test.size(), test.height(), test.width()),
                        "y_test", npy("|u1", labels(test), test.size()))));
        return file;
    }

    /** As Kaggle's digit recogniser is: a table with labels, and one without that is for its competition. */
    public static Path kaggleCsv(Path parent) {
        Path folder = folder(parent, "kaggle");
        Dataset train = images("kaggle", ImageShape.grey(28, 28), ImageFormat.numbers(10), TRAIN, 0);
        String pixels = String.join(
                ",", IntStream.range(0, 784).mapToObj(i -> "pixel" + i).toList());
        write(folder.resolve("train.csv"), ("label," + pixels + "\n" + csv(train)).getBytes(StandardCharsets.US_ASCII));
        String unlabelled = csv(train.slice(0, 5)).replaceAll("(?m)^\\d+,", "");
        write(folder.resolve("test.csv"), (pixels + "\n" + unlabelled).getBytes(StandardCharsets.US_ASCII));
        write(folder.resolve("sample_submission.csv"), "ImageId,Label\n1,0\n".getBytes(StandardCharsets.US_ASCII));
        return folder;
    }

    /** Tables without a first line of names, as {@code mnist_train.csv} and {@code mnist_test.csv} are. */
    public static Path plainCsv(Path folder, Dataset train, Dataset test) {
        write(folder.resolve("mnist_train.csv"), csv(train).getBytes(StandardCharsets.US_ASCII));
        write(folder.resolve("mnist_test.csv.gz"), gzip(csv(test).getBytes(StandardCharsets.US_ASCII)));
        return folder;
    }

    static String csv(Dataset data) {
        StringBuilder text = new StringBuilder();
        for (int image = 0; image < data.size(); image++) {
            text.append(data.classNames().get(data.label(image)));
            for (int i = 0; i < data.features(); i++) {
                text.append(',').append(data.storage()[data.start(image) + i] & 0xFF);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** A folder of pictures, a folder for each class, as people have them. */
    public static Path imageFolder(Path parent) {
        Path folder = folder(parent, "pets");
        List<String> classes = List.of("cat", "dog", "guinea pig");
        ImageShape shape = new ImageShape(24, 20, 3);
        pictures(folder.resolve("train"), images("pets", shape, classes, TRAIN, 0), "picture ");
        pictures(folder.resolve("test"), images("pets", shape, classes, TEST, 1), "picture ");
        return folder;
    }

    /** PNG files, a folder for each class, called by their places. */
    public static void pictures(Path root, Dataset data, String prefix) {
        for (int image = 0; image < data.size(); image++) {
            Path folder = folder(root, data.classNames().get(data.label(image)));
            picture(folder.resolve(prefix + image + ".png"), data, image);
        }
    }

    /** An image as a PNG file. */
    public static Path picture(Path file, Dataset data, int image) {
        boolean grey = data.format().shape().channels() == 1;
        BufferedImage picture = new BufferedImage(
                data.width(), data.height(), grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < data.features(); i++) {
            int pixel = grey ? i : i / 3;
            picture.getRaster()
                    .setSample(
                            pixel % data.width(),
                            pixel / data.width(),
                            grey ? 0 : i % 3,
                            data.storage()[data.start(image) + i] & 0xFF);
        }
        try {
            ImageIO.write(picture, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static byte[] labels(Dataset data) {
        byte[] labels = new byte[data.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) data.label(i);
        }
        return labels;
    }

    private static ByteBuffer header(int type, int... sides) {
        int size = type == INT ? Integer.BYTES : 1;
        for (int side : sides) {
            size *= side;
        }
        ByteBuffer file = ByteBuffer.allocate(4 + Integer.BYTES * sides.length + size);
        file.putInt(type << 8 | sides.length);
        IntStream.of(sides).forEach(file::putInt);
        return file;
    }

    private static byte[] idxImages(Dataset data, boolean transposed) {
        ByteBuffer file = header(UBYTE, data.size(), data.height(), data.width());
        byte[] pixels = data.pixels();
        for (int i = 0; i < pixels.length; i++) {
            int pixel = i % data.features();
            int place = transposed ? pixel % data.height() * data.width() + pixel / data.height() : pixel;
            file.put(pixels[i - pixel + place]);
        }
        return file.array();
    }

    private static byte[] idxLabels(Dataset data, int first) {
        ByteBuffer file = header(UBYTE, data.size());
        for (int label : data.labels()) {
            file.put((byte) (label + first));
        }
        return file.array();
    }

    /** An array as NumPy writes it, version 1.0. */
    public static byte[] npy(String type, byte[] content, int... shape) {
        String sides =
                String.join(", ", IntStream.of(shape).mapToObj(String::valueOf).toList());
        return npy(
                "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sides
                        + (shape.length == 1 ? ",), }" : "), }"),
                content);
    }

    static byte[] npy(String header, byte[] content) {
        int unpadded = 10 + header.length() + 1;
        int padding = (64 - unpadded % 64) % 64;
        ByteBuffer file = ByteBuffer.allocate(unpadded + padding + content.length);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        file.put((byte) (header.length() + padding + 1)).put((byte) (header.length() + padding + 1 >> 8));
        file.put((header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII));
        return file.put(content).array();
    }

    static byte[] npz(Map<String, byte[]> arrays) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
                zip.write(array.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Path folder(Path parent, String name) {
        try {
            return Files.createDirectories(parent.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
