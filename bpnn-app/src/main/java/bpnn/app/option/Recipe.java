package bpnn.app.option;

import bpnn.io.file.Word;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A named bundle of options, in a file that {@code --config} would take as well. */
public enum Recipe {
    ARTICLE,
    QUICK,
    STRONG,
    BEST;

    /** Its file, in YAML. */
    public String text() {
        String name = "/bpnn/app/recipes/" + Word.of(this) + ".yaml";
        try (InputStream file = Objects.requireNonNull(Recipe.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The recipe " + name + " could not be read from the program's own files", e);
        }
    }
}
