package bpnn.lab.trace;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.SyntaxFault;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A trace as its folder has it, with its chain checked.
 *
 * @param folder where it lies
 * @param header what the training was to be, with what it became when it was resumed
 * @param links the states on its way, from the initial one on
 * @param end how it ended; null while it has not
 * @param signature null if it is not signed
 */
public record Trace(
        TraceFolder folder,
        JsonNode header,
        List<Link> links,
        @Nullable End end,
        @Nullable TraceSignature signature) {
    /** The version of the format that this program writes, and the newest it reads. */
    static final int VERSION = 1;

    static final String OPTIONS = "options";
    static final String CONFIGURATION = "configuration";
    static final String RESUMED = "resumed";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A state on the way of a training.
     *
     * @param step steps since training began
     * @param epochs whole epochs among them
     * @param stateSha256 {@link TraceState#sha256}
     * @param isKept whether the state is there as a file
     * @param computer backend, device and arithmetic that led here
     * @param figures of the epoch that ends here; null within an epoch and at the beginning
     * @param sha256 hash of the line
     */
    public record Link(
            long step,
            int epochs,
            String stateSha256,
            boolean isKept,
            Computer computer,
            @Nullable EpochResult figures,
            String sha256) {}

    /**
     * What a stretch was computed with.
     *
     * @param backend its id
     * @param device in words
     * @param numerics exact or fast
     */
    public record Computer(String backend, String device, String numerics) {
        /** For people. */
        @Override
        public String toString() {
            return backend + " (" + device + ")";
        }
    }

    /**
     * How a training ended.
     *
     * @param status done, interrupted or diverged
     * @param step steps since training began
     * @param weightsSha256 of the model that was kept
     * @param sha256 hash of the line
     */
    public record End(String status, long step, String weightsSha256, String sha256) {}

    /**
     * Reads a trace and checks its chain.
     *
     * @throws DataException if it is not there, damaged or of a newer format
     * @throws ForgedTraceException if a line is not as it was written, or missing
     */
    public static Trace read(Path run) {
        TraceFolder folder = new TraceFolder(run);
        String text = text(folder.chain());
        if (!text.endsWith("\n")) {
            throw fault(folder.chain(), "its last line is cut off");
        }
        return of(folder, text);
    }

    /** {@link #read}, but the last line may be half of one, as a kill leaves it. */
    static Trace readUnfinished(TraceFolder folder) {
        String text = text(folder.chain());
        return of(folder, text.substring(0, text.lastIndexOf('\n') + 1));
    }

    private static Trace of(TraceFolder folder, String text) {
        Path file = folder.chain();
        List<String> lines = text.lines().toList();
        List<JsonNode> nodes = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            nodes.add(parse(file, lines.get(i), i + 1));
        }
        if (nodes.isEmpty()) {
            throw fault(file, "it is empty");
        }
        checkVersion(file, nodes.get(0).path("trace"));
        boolean signed = nodes.size() > 1 && nodes.get(nodes.size() - 1).has("signature");
        TraceSignature signature = signed
                ? new TraceSignature(
                        nodes.get(nodes.size() - 1).get("signature").asText())
                : null;
        int chained = nodes.size() - (signed ? 1 : 0);
        checkChain(file, lines.subList(0, chained), nodes);
        boolean ended = nodes.get(chained - 1).has("end");
        ObjectNode header = (ObjectNode) nodes.get(0);
        List<Link> links = new ArrayList<>();
        for (JsonNode node : nodes.subList(1, chained - (ended ? 1 : 0))) {
            if (node.has(RESUMED)) {
                List.of(OPTIONS, CONFIGURATION, RESUMED).forEach(part -> header.set(part, node.path(part)));
            } else {
                links.add(link(file, node, links.size()));
            }
        }
        if (links.isEmpty()) {
            throw fault(file, "it has no link");
        }
        return new Trace(folder, header, links, ended ? end(file, nodes.get(chained - 1)) : null, signature);
    }

    private static String text(Path file) {
        if (!Files.exists(file)) {
            throw new DataException(
                    "There is no trace in " + file.getParent() + "; a run has one if it was trained with --trace.");
        }
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
    }

    private static DataException fault(Path file, String what) {
        return new DataException("The trace " + file + " is damaged: " + what + ".");
    }

    private static JsonNode parse(Path file, String line, int number) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.isObject()) {
                return node;
            }
            throw fault(file, "line " + number + " is no JSON object");
        } catch (JsonProcessingException e) {
            throw fault(file, "line " + number + " cannot be read: " + SyntaxFault.words("JSON", e));
        }
    }

    private static void checkVersion(Path file, JsonNode version) {
        if (!version.isIntegralNumber()) {
            throw fault(file, "it does not begin with the version of its format");
        }
        if (version.asLong() > VERSION) {
            throw new DataException("The trace " + file + " has format " + version
                    + ", but this program knows formats up to " + VERSION + "; a newer one is needed.");
        }
    }

    private static void checkChain(Path file, List<String> lines, List<JsonNode> nodes) {
        for (int i = 0; i < lines.size(); i++) {
            if (!ChainedLine.isIntact(lines.get(i))) {
                throw new ForgedTraceException("The chain of " + file + " is broken: line " + (i + 1)
                        + " is not what its hash says; it was changed after it was written.");
            }
            String before = i == 0 ? "" : ChainedLine.stated(lines.get(i - 1));
            if (!nodes.get(i).path("previous").asText().equals(before)) {
                throw new ForgedTraceException("The chain of " + file + " is broken: line " + (i + 1)
                        + " does not follow line " + i + "; lines were removed, moved or put in.");
            }
        }
    }

    private static Link link(Path file, JsonNode node, int number) {
        Computer computer =
                new Computer(text(file, node, "backend"), text(file, node, "device"), text(file, node, "numerics"));
        long step = number(file, node, "step");
        int epochs = (int) number(file, node, "epochs");
        if (number(file, node, "link") != number) {
            throw new ForgedTraceException("The links of " + file + " are not numbered one after the other: "
                    + node.get("link") + " stands where " + number + " is due.");
        }
        return new Link(
                step,
                epochs,
                text(file, node, "stateSha256"),
                node.path("kept").asBoolean(),
                computer,
                node.has("trainLoss") ? figures(node, epochs) : null,
                text(file, node, ChainedLine.SHA256));
    }

    private static EpochResult figures(JsonNode node, int epoch) {
        JsonNode loss = node.path("validationLoss");
        Evaluation validation = loss.isMissingNode()
                ? null
                : new Evaluation(
                        loss.asDouble(Double.NaN),
                        node.path("validationAccuracy").asDouble(Double.NaN),
                        new int[0],
                        new float[0]);
        return new EpochResult(
                epoch,
                node.path("steps").asInt(),
                node.path("trainLoss").asDouble(Double.NaN),
                validation,
                0,
                node.path("images").asLong());
    }

    private static End end(Path file, JsonNode node) {
        return new End(
                text(file, node, "end"),
                number(file, node, "step"),
                text(file, node, "weightsSha256"),
                text(file, node, ChainedLine.SHA256));
    }

    private static String text(Path file, JsonNode node, String name) {
        if (!node.path(name).isTextual()) {
            throw fault(file, "a line has no text \"" + name + "\"");
        }
        return node.get(name).asText();
    }

    private static long number(Path file, JsonNode node, String name) {
        if (!node.path(name).isIntegralNumber()) {
            throw fault(file, "a line has no whole number \"" + name + "\"");
        }
        return node.get(name).asLong();
    }

    /** Whether the training was resumed with another length behind a link. */
    boolean isChangedAfter(Link link) {
        return header.path(RESUMED).asLong(-1) >= link.step();
    }

    /** The hash that stands for all of it. */
    public String lastSha256() {
        return end == null ? links.get(links.size() - 1).sha256() : end.sha256();
    }

    /** Whether the owner of a key signed it. */
    public boolean isSignedBy(PublicKey key) {
        return signature != null && signature.isOf(lastSha256(), key);
    }

    /** Whether all of it was computed in exact arithmetic. */
    public boolean isExact() {
        return links.stream().allMatch(link -> link.computer().numerics().equals("exact"));
    }

    /** What it was computed with, for people. */
    public String computers() {
        return links.stream().map(link -> link.computer().toString()).distinct().collect(Collectors.joining(", then "));
    }

    /** The epochs that were over at a link. */
    public List<EpochResult> history(Link until) {
        return links.stream()
                .filter(link -> link.figures() != null && link.step() <= until.step())
                .map(Link::figures)
                .collect(Collectors.toList());
    }

    /**
     * Reads the state that was kept for a link.
     *
     * @param mostValues bytes of the values that it can have at most
     * @throws DataException if it cannot be read
     * @throws ForgedTraceException if it is another state than the link's
     */
    public TraceState state(Link link, long mostValues) {
        Path file = folder.state(link.step());
        TraceState state = TraceState.read(file, mostValues);
        if (state.step() != link.step() || !state.sha256().equals(link.stateSha256())) {
            throw new ForgedTraceException("The state " + file + " is not the one that the trace has for step "
                    + link.step() + ": its hash is " + state.sha256() + ", but " + link.stateSha256()
                    + " stands in the chain.");
        }
        return state;
    }

    /** How often to keep states and make links. */
    public TraceSchedule schedule(int stepsPerEpoch) {
        return new TraceSchedule(
                header.path("everySteps").asInt(),
                Math.max(1, header.path("stateEvery").asInt()),
                stepsPerEpoch,
                header.path("numerics").asText().equals("exact"));
    }
}
