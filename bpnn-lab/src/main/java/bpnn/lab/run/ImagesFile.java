package bpnn.lab.run;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.io.tensor.TensorBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The images of a run as bytes, for another process of the same program: their SHA-256, then everything that it is of. */
public final class ImagesFile {
    /** Letters of a hash. */
    private static final int HASH = 64;

    private ImagesFile() {}

    /** All of them, with what is known of them. */
    public static byte[] write(RunPlan.Images images) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(images.trainSha256());
            out.writeUTF(images.testSha256());
            out.writeInt(images.facts().size());
            for (Map.Entry<String, String> fact : new TreeMap<>(images.facts()).entrySet()) {
                out.writeUTF(fact.getKey());
                out.writeUTF(fact.getValue());
            }
            write(images.train(), out);
            write(images.test(), out);
            out.writeBoolean(images.validation() != null);
            if (images.validation() != null) {
                write(images.validation(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Memory could not be written to", e);
        }
        byte[] content = bytes.toByteArray();
        byte[] hash = sha256(content, 0).getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(hash, HASH + content.length);
        System.arraycopy(content, 0, whole, HASH, content.length);
        return whole;
    }

    private static String sha256(byte[] bytes, int from) {
        return TensorBytes.sha256(out -> out.write(bytes, from, bytes.length - from));
    }

    private static void write(Dataset images, DataOutputStream out) throws IOException {
        ImageFormat format = images.format();
        out.writeUTF(images.name());
        out.writeInt(format.shape().height());
        out.writeInt(format.shape().width());
        out.writeInt(format.shape().channels());
        out.writeUTF(format.framing().name());
        out.writeInt(format.classes());
        for (String name : format.classNames()) {
            out.writeUTF(name);
        }
        out.writeInt(images.size());
        for (int label : images.labels()) {
            out.writeShort(label);
        }
        out.write(images.storage(), images.start(0), images.size() * images.features());
    }

    /**
     * What {@link #write} has written.
     *
     * @throws DataException if it is something else
     */
    public static RunPlan.Images read(byte[] bytes) {
        if (bytes.length < HASH || !sha256(bytes, HASH).equals(new String(bytes, 0, HASH, StandardCharsets.US_ASCII))) {
            throw new DataException("The images that were sent are damaged: they do not have their hash.");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, HASH, bytes.length - HASH))) {
            String trainSha256 = in.readUTF();
            String testSha256 = in.readUTF();
            Map<String, String> facts = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                facts.put(in.readUTF(), in.readUTF());
            }
            Dataset train = readImages(in);
            Dataset test = readImages(in);
            @Nullable Dataset validation = in.readBoolean() ? readImages(in) : null;
            return new RunPlan.Images(train, validation, test, trainSha256, testSha256, facts);
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException("The images that were sent are damaged.", e);
        }
    }

    private static Dataset readImages(DataInputStream in) throws IOException {
        String name = in.readUTF();
        ImageShape shape = new ImageShape(in.readInt(), in.readInt(), in.readInt());
        Framing framing = Framing.valueOf(in.readUTF());
        List<String> classes = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            classes.add(in.readUTF());
        }
        int[] labels = new int[in.readInt()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = in.readShort();
        }
        byte[] pixels = new byte[Math.multiplyExact(labels.length, shape.features())];
        in.readFully(pixels);
        return new Dataset(name, new ImageFormat(shape, classes, framing), pixels, labels);
    }
}
