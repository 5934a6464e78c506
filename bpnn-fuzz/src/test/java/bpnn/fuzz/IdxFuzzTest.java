package bpnn.fuzz;

import bpnn.mnist.IdxFolder;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Folders of IDX files of which one is whatever the fuzzer thinks of. */
class IdxFuzzTest {
    private static final byte[] IMAGES = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4};
    private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 1, 7};

    @FuzzTest(maxDuration = "90s")
    void images(byte[] content) {
        load("train-images-idx3-ubyte", content);
    }

    @FuzzTest(maxDuration = "60s")
    void labels(byte[] content) {
        load("train-labels-idx1-ubyte", content);
    }

    @FuzzTest(maxDuration = "60s")
    void packed(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        byte[] damaged = bytes.toByteArray();
        if (content.length > 0) {
            int place = (content[0] & 0xFF) % damaged.length;
            damaged[place] = content[content.length - 1];
        }
        load("train-images-idx3-ubyte", damaged);
    }

    private static void load(String name, byte[] content) {
        Refusals.file("train-images-idx3-ubyte", IMAGES);
        Refusals.file("train-labels-idx1-ubyte", LABELS);
        Refusals.file("t10k-images-idx3-ubyte", IMAGES);
        Refusals.file("t10k-labels-idx1-ubyte", LABELS);
        var file = Refusals.file(name, content);
        Refusals.check(Refusals.FOLDER.resolve(file), () -> IdxFolder.load(Refusals.FOLDER));
    }
}
