package bpnn.mnist;

import bpnn.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What EMNIST's labels stand for: {@code emnist-letters-mapping.txt} has a line for each, with the label and the codes of
 * the characters that are in its class.
 */
final class IdxMapping {
    private static final Pattern LINE = Pattern.compile("\\d{1,4}( \\d{1,6}){1,4}");
    private static final int MAX_BYTES = 1 << 16;

    private IdxMapping() {}

    /** The names of the classes: their characters where a mapping lies beside the files, else their labels. */
    static List<String> names(IdxFiles files, NumberedClasses classes) {
        Collection<Path> parts = files.parts().values();
        for (Path part : parts) {
            Path mapping = part.resolveSibling(files.prefix() + "-mapping.txt");
            if (!files.prefix().isEmpty() && Files.isRegularFile(mapping)) {
                return names(mapping, read(mapping), classes);
            }
        }
        return classes.names();
    }

    private static List<String> names(Path file, Map<Integer, String> characters, NumberedClasses classes) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < classes.names().size(); i++) {
            String name = characters.get(classes.first() + i);
            if (name == null) {
                throw new DataException(
                        "The file " + file + " does not say what the label " + (classes.first() + i) + " stands for.");
            }
            names.add(name);
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new DataException("The file " + file + " gives two labels the same characters.");
        }
        return names;
    }

    private static Map<Integer, String> read(Path file) {
        Map<Integer, String> characters = new HashMap<>();
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new DataException("The file " + file + " is too large to say what labels stand for.");
            }
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                if (!line.isBlank()) {
                    add(file, line.strip().replaceAll("\\s+", " "), characters);
                }
            }
        } catch (IOException e) {
            throw new DataException("The file " + file + " cannot be read: " + FileErrors.reason(e) + ".", e);
        }
        return characters;
    }

    private static void add(Path file, String line, Map<Integer, String> characters) {
        if (!LINE.matcher(line).matches()) {
            throw new DataException("The file " + file
                    + " should have lines of a label and the codes of its characters, but has \"" + line + "\".");
        }
        String[] numbers = line.split(" ", -1);
        StringBuilder name = new StringBuilder();
        for (int i = 1; i < numbers.length; i++) {
            int code = Integer.parseInt(numbers[i]);
            if (!Character.isLetterOrDigit(code)) {
                throw new DataException(
                        "The file " + file + " names the code " + code + ", which is neither a letter nor a digit.");
            }
            name.appendCodePoint(code);
        }
        characters.put(Integer.valueOf(numbers[0]), name.toString());
    }
}
