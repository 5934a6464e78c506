package bpnn.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A trace in the hands of somebody who knows its format: lines are changed, and the chain is joined again. */
final class ForgedTrace {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    final List<ObjectNode> lines = new ArrayList<>();

    ForgedTrace(Path run) throws IOException {
        this.file = run.resolve("trace.jsonl");
        for (String line : Files.readAllLines(file)) {
            lines.add((ObjectNode) JSON.readTree(line));
        }
    }

    /** Numbers the links anew and writes all with hashes that fit, as docs/trace.md describes them. */
    void write() throws IOException, NoSuchAlgorithmException {
        StringBuilder text = new StringBuilder();
        String previous = "";
        long number = 0;
        for (ObjectNode line : lines) {
            if (line.has("link")) {
                line.put("link", number++);
            }
            line.remove("sha256");
            line.remove("previous");
            line.put("previous", previous);
            String json = line.toString();
            String sealed = json.substring(0, json.length() - 1);
            previous = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(sealed.getBytes(StandardCharsets.UTF_8)));
            text.append(sealed).append(",\"sha256\":\"").append(previous).append("\"}\n");
        }
        Files.writeString(file, text);
    }

    /** Changes a value in run.json. */
    static void inRecord(Path run, String pointer, String name, JsonNode value) throws IOException {
        Path record = run.resolve("run.json");
        JsonNode root = JSON.readTree(record.toFile());
        ((ObjectNode) root.at(pointer)).set(name, value);
        Files.writeString(record, root.toPrettyString());
    }
}
