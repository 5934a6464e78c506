package bpnn.lab.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A run that was resumed on another backend, on another device or with other arithmetic.
 *
 * @param before what {@code run.json} said of the backend that the run had
 * @param now what it says of the one that goes on
 * @param epochs epochs that were done before
 */
public record BackendChange(JsonNode before, JsonNode now, int epochs) {
    private static final String EARLIER = "earlierBackends";
    private static final String UNTIL = "untilEpoch";

    /** The change, if there is one. */
    static Optional<BackendChange> between(JsonNode before, JsonNode now, int epochs) {
        return epochs == 0 || words(before).equals(words(now))
                ? Optional.empty()
                : Optional.of(new BackendChange(before, now, epochs));
    }

    /** Whether the run ends with the bits of one that was never interrupted. */
    public boolean keepsBits() {
        return isExact(before) && isExact(now);
    }

    /** What the user should know. */
    public String sentence() {
        return "The run goes on with " + words(now) + "; until epoch " + epochs + " it was computed with "
                + words(before)
                + ". "
                + (keepsBits()
                        ? "Exact arithmetic gives the same bits on both."
                        : "From here on its bits are not those of a run that was never interrupted.");
    }

    /** Adds it to a record that knows of the changes before it. */
    void addTo(ObjectNode record) {
        ObjectNode entry = record.withArray(EARLIER).addObject();
        Stream.of("id", "device", "numerics").forEach(name -> entry.set(name, before.path(name)));
        entry.put(UNTIL, epochs);
    }

    /** Takes over the changes that an earlier record of the same run knows of. */
    static void copy(JsonNode from, ObjectNode to) {
        if (from.has(EARLIER)) {
            to.set(EARLIER, from.get(EARLIER));
        }
    }

    /** The backends of a run in their order, if it had several. */
    public static Optional<String> history(JsonNode record) {
        if (!record.has(EARLIER)) {
            return Optional.empty();
        }
        StringJoiner history = new StringJoiner(", ", "", ", then with " + words(record.path("backend")));
        record.get(EARLIER)
                .forEach(earlier -> history.add("with " + words(earlier) + " until epoch " + earlier.path(UNTIL)));
        return Optional.of(history.toString());
    }

    /** Whether all of a run was computed in exact arithmetic. */
    public static boolean isExactThroughout(JsonNode record) {
        return isExact(record.path("backend"))
                && StreamSupport.stream(record.path(EARLIER).spliterator(), false)
                        .allMatch(BackendChange::isExact);
    }

    private static boolean isExact(JsonNode backend) {
        return backend.path("numerics").asText().equals("exact");
    }

    private static String words(JsonNode backend) {
        return backend.path("id").asText() + " (" + backend.path("device").asText() + ", "
                + backend.path("numerics").asText() + " arithmetic)";
    }
}
