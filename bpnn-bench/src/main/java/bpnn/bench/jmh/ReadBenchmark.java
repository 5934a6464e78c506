package bpnn.bench.jmh;

import bpnn.data.Dataset;
import bpnn.images.ImageSets;
import bpnn.images.ReadOptions;
import bpnn.io.image.ImagePicture;
import bpnn.mnist.SyntheticDigits;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Data sets of one's own into memory: as many images as MNIST has for training, as PNG files and as a table. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class ReadBenchmark {
    /** What is read. */
    public enum What {
        /** PNG files, by Java's decoder alone, on all cores. */
        DECODER,
        /** PNG files as a data set. */
        PICTURES,
        /** The same from the cache. */
        CACHED,
        /** A table. */
        CSV
    }

    /** Images. */
    @Param("60000")
    public int images;

    @Param
    public What what;

    private Path folder;
    private List<Path> files = List.of();
    private int turn;

    /** Writes the files. */
    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("bpnn-bench");
        Dataset data = SyntheticDigits.generate(1, images, 1).train();
        if (what == What.CSV) {
            try (Writer out = Files.newBufferedWriter(folder.resolve("train.csv"))) {
                writeTable(data, out);
            }
            return;
        }
        for (int of = 0; of < data.classes(); of++) {
            Files.createDirectories(folder.resolve("pictures/" + of));
        }
        for (int image = 0; image < data.size(); image++) {
            Path file = folder.resolve("pictures/" + data.label(image) + "/" + image + ".png");
            ImageIO.write(ImagePicture.of(data, image), "png", file.toFile());
        }
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).toList();
        }
    }

    private static void writeTable(Dataset data, Writer out) throws IOException {
        BufferedWriter lines = new BufferedWriter(out);
        for (int image = 0; image < data.size(); image++) {
            lines.append(String.valueOf(data.label(image)));
            for (int i = 0; i < data.features(); i++) {
                lines.append(',').append(String.valueOf(data.storage()[data.start(image) + i] & 0xFF));
            }
            lines.append('\n');
        }
        lines.flush();
    }

    /** Another cache each time, but where it is what is read. */
    @Setup(Level.Invocation)
    public void next() {
        turn += what == What.CACHED ? 0 : 1;
    }

    /** Reads all of it, and computes its sums. */
    @Benchmark
    public Object read() {
        if (what == What.DECODER) {
            return files.parallelStream().mapToLong(ReadBenchmark::decoded).sum();
        }
        Path place = what == What.CSV ? folder.resolve("train.csv") : folder.resolve("pictures");
        return ImageSets.load(
                place, new ReadOptions(null, ReadOptions.SPLIT_SEED, folder.resolve("cache" + turn), sentence -> {}));
    }

    /** In memory: by default Java copies a stream into a file first. */
    private static long decoded(Path file) {
        try {
            // Closes the stream.
            return ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(Files.readAllBytes(file))))
                    .getWidth();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the files. */
    @TearDown
    public void delete() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
