package bpnn.bench.jmh;

import bpnn.data.Dataset;
import bpnn.mnist.DataSplit;
import bpnn.mnist.IdxFolder;
import bpnn.mnist.SyntheticDigits;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Images into memory: as many as MNIST has, drawn by the program and written as IDX files, so that it needs nothing from
 * the network.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class LoadBenchmark {
    private static final int IMAGES_MAGIC = 0x803;
    private static final int LABELS_MAGIC = 0x801;

    /** Training images; a sixth as many test images. */
    @Param("60000")
    public int images;

    /** Whether the files are packed. */
    @Param({"true", "false"})
    public boolean packed;

    private Path folder;

    /** Writes the files. */
    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("bpnn-bench");
        DataSplit digits = SyntheticDigits.generate(1, images, Math.max(1, images / 6));
        write("train", digits.train());
        write("t10k", digits.test());
    }

    private void write(String half, Dataset data) throws IOException {
        try (DataOutputStream out = file(half + "-images-idx3-ubyte")) {
            for (int number : List.of(IMAGES_MAGIC, data.size(), data.height(), data.width())) {
                out.writeInt(number);
            }
            out.write(data.pixels());
        }
        try (DataOutputStream out = file(half + "-labels-idx1-ubyte")) {
            out.writeInt(LABELS_MAGIC);
            out.writeInt(data.size());
            for (int label : data.labels()) {
                out.write(label);
            }
        }
    }

    private DataOutputStream file(String name) throws IOException {
        OutputStream plain = Files.newOutputStream(folder.resolve(packed ? name + ".gz" : name));
        return new DataOutputStream(packed ? new GZIPOutputStream(plain) : new BufferedOutputStream(plain));
    }

    /** Reads all four files and computes their sums. */
    @Benchmark
    public DataSplit load() {
        return IdxFolder.load(folder);
    }

    /** Deletes the files. */
    @TearDown
    public void delete() throws IOException {
        for (String half : List.of("train", "t10k")) {
            for (String part : List.of("-images-idx3-ubyte", "-labels-idx1-ubyte")) {
                Files.delete(folder.resolve(half + part + (packed ? ".gz" : "")));
            }
        }
        Files.delete(folder);
    }
}
