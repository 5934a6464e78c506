package bpnn.io.file;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a text is no JSON or no YAML, in words for the user. */
public final class SyntaxFault {
    /** Ends what the parser says of a text that is cut off, with the names of its own settings. */
    private static final Pattern START_MARKER = Pattern.compile(" \\(start marker at .*");

    private SyntaxFault() {}

    /**
     * Such as "it is not valid YAML at line 3 (mapping values are not allowed here)".
     *
     * @param language JSON or YAML
     */
    public static String words(String language, JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "it is nested too deeply, or a text or number in it is too long";
        }
        @Nullable JsonLocation at = e.getLocation();
        String place = at == null ? "" : " at line " + at.getLineNr();
        return "it is not valid " + language + place + " (" + problem(e) + ")";
    }

    /** A parser of YAML says first what it was about, then what was wrong, and under each, indented, where. */
    private static String problem(JsonProcessingException e) {
        String last = e.getOriginalMessage()
                .lines()
                .filter(line -> !line.startsWith(" "))
                .reduce("", (before, line) -> line);
        return START_MARKER.matcher(last).replaceFirst("");
    }
}
