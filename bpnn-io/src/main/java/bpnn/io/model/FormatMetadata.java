package bpnn.io.model;

import bpnn.data.DataException;
import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.io.file.SyntaxFault;
import bpnn.io.file.Word;
import bpnn.nn.NetworkSpec;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What images a network takes and what it tells apart, as metadata of its file: {@code imageShape}, {@code classNames}, {@code imageFraming}. */
public final class FormatMetadata {
    private static final String SHAPE = "imageShape";
    private static final String CLASSES = "classNames";
    private static final String FRAMING = "imageFraming";
    private static final ObjectMapper JSON = new ObjectMapper();

    private FormatMetadata() {}

    /** The metadata, by name. */
    public static Map<String, String> of(ImageFormat format) {
        try {
            return Map.of(
                    SHAPE, format.shape().toString(),
                    CLASSES, JSON.writeValueAsString(format.classNames()),
                    FRAMING, Word.of(format.framing()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A list of texts can be written as JSON", e);
        }
    }

    /**
     * What the metadata say, or what is likely where they say nothing.
     *
     * @throws DataException if they are malformed or contradict the network
     */
    static ImageFormat read(Path file, SortedMap<String, String> metadata, NetworkSpec spec) {
        try {
            ImageFormat assumed = ImageFormat.assumed(spec.inputs(), spec.classes());
            return new ImageFormat(
                    shape(file, metadata.get(SHAPE), spec, assumed.shape()),
                    classes(file, metadata.get(CLASSES), spec, assumed.classNames()),
                    framing(file, metadata, assumed.framing()));
        } catch (IllegalArgumentException e) {
            throw new DataException(file + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    private static ImageShape shape(Path file, @Nullable String text, NetworkSpec spec, ImageShape assumed) {
        if (text == null) {
            return assumed;
        }
        ImageShape shape = ImageShape.parse(text)
                .orElseThrow(() -> fault(file, SHAPE, text, "rows x columns, such as 28x28 or 32x32x3"));
        if (shape.features() != spec.inputs()) {
            throw new DataException(file + " cannot be used: its images are of " + shape
                    + " pixels, but the network has " + spec.inputs() + " inputs.");
        }
        return shape;
    }

    private static List<String> classes(Path file, @Nullable String text, NetworkSpec spec, List<String> assumed) {
        if (text == null) {
            return assumed;
        }
        List<String> names;
        try {
            names = JSON.readValue(text, new TypeReference<List<String>>() {});
        } catch (JsonProcessingException e) {
            throw new DataException(
                    file + " cannot be used: its classes cannot be read: " + SyntaxFault.words("JSON", e) + ".", e);
        }
        if (names == null || names.contains(null) || names.size() != spec.classes()) {
            throw new DataException(file + " cannot be used: it names " + (names == null ? 0 : names.size())
                    + " classes, but the network has " + spec.classes() + " outputs.");
        }
        return names;
    }

    private static Framing framing(Path file, SortedMap<String, String> metadata, Framing assumed) {
        String text = metadata.get(FRAMING);
        if (text == null) {
            return metadata.containsKey(SHAPE) ? Framing.WHOLE : assumed;
        }
        return Arrays.stream(Framing.values())
                .filter(framing -> Word.of(framing).equals(text))
                .findFirst()
                .orElseThrow(() -> fault(
                        file,
                        FRAMING,
                        text,
                        String.join(
                                ", ",
                                Arrays.stream(Framing.values()).map(Word::of).toList())));
    }

    private static DataException fault(Path file, String name, String text, String expected) {
        return new DataException(
                file + " cannot be used: its " + name + " is \"" + text + "\", but " + expected + " is expected.");
    }
}
