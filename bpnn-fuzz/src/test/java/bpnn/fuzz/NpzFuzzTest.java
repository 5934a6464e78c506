package bpnn.fuzz;

import bpnn.io.npz.NpzReader;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives of NumPy. */
class NpzFuzzTest {
    /** Any bytes. */
    @FuzzTest(maxDuration = "60s")
    void archive(byte[] content) {
        Path file = Refusals.file("weights.npz", content);
        Refusals.check(file, () -> NpzReader.read(file));
    }

    /** An intact archive of one array. */
    @FuzzTest(maxDuration = "90s")
    void array(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("fc1.weight.npy"));
            zip.write(content);
        }
        Path file = Refusals.file("weights.npz", bytes.toByteArray());
        Refusals.check(file, () -> NpzReader.read(file));
    }
}
