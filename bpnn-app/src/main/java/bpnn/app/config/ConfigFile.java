package bpnn.app.config;

import bpnn.app.option.UsageException;
import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.SyntaxFault;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Options in YAML: a line such as {@code batch-size: 64} for each, lists as lists or with commas. */
public final class ConfigFile {
    /** More than any option could use: they are single values and lists. */
    private static final int DEEPEST = 20;

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build());

    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @param known names of the options that there are
     * @throws DataException if it cannot be read or is no YAML
     * @throws UsageException if it names an option that there is not, or gives one no usable value
     */
    public static Map<String, String> read(Path file, Set<String> known) {
        return read(file.toString(), text(file), known);
    }

    /**
     * Reads options from text.
     *
     * @param file what it is called in errors
     */
    static Map<String, String> read(String file, String text, Set<String> known) {
        JsonNode root = parse(file, text);
        Map<String, String> values = new TreeMap<>();
        if (root.isMissingNode()
                || root.isNull()
                || (root.isTextual() && root.asText().isEmpty())) {
            return values;
        }
        if (!root.isObject()) {
            throw new UsageException(file + " must hold lines such as \"batch-size: 64\", but holds something else.");
        }
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            String name = field.getKey();
            if (!known.contains(name)) {
                throw new UsageException(file + " sets \"" + name + "\", but there is no such option; did you mean \""
                        + Spelling.nearest(name, known) + "\"?");
            }
            values.put(name, text(file, name, field.getValue()));
        }
        return values;
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new DataException(file + " cannot be used: it is not in UTF-8. Save it in that encoding.", e);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    private static DataException unreadable(String file, IOException e) {
        return new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
    }

    static JsonNode parse(String file, String text) {
        try (JsonParser parser = YAML.createParser(text)) {
            JsonNode root = parser.nextToken() == null ? MissingNode.getInstance() : YAML.readTree(parser);
            if (parser.nextToken() != null) {
                throw new UsageException(file + " holds more than one YAML document, but only one is expected: remove"
                        + " what follows the line \"---\" or \"...\", or put it into a file of its own.");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new DataException(file + " cannot be used: " + SyntaxFault.words("YAML", e) + ".", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static String text(String file, String name, JsonNode value) {
        if (value.isArray()) {
            List<String> parts = new ArrayList<>();
            value.forEach(part -> parts.add(text(file, name, part)));
            return String.join(",", parts);
        }
        if (!value.isValueNode() || value.isNull()) {
            throw new UsageException(file + " gives \"" + name + "\" the value " + value
                    + ", but a word, a number, true, false or a list of these is expected.");
        }
        return value.asText();
    }
}
