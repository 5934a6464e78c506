package bpnn.app.live;

import bpnn.data.Dataset;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a page shows of a run. One thread writes it, that of the page reads it. */
public final class RunView {
    private final @Nullable String title;
    private final Map<String, String> options;
    private final @Nullable String command;
    private final int stepsPerEpoch;
    private final LiveRecord record;
    private volatile int allEpochs;
    private volatile Status status = Status.PREPARING;
    private volatile boolean changed = true;
    private volatile long step;
    private long toldStep;
    private volatile double imagesPerSecond;
    private volatile @Nullable String message;
    private volatile @Nullable Path folder;
    private volatile @Nullable String hash;

    /** How far a run is. */
    public enum Status {
        PREPARING,
        READY,
        RUNNING,
        PAUSED,
        INTERRUPTED,
        DONE,
        DIVERGED,
        FAILED
    }

    /**
     * @param title what it is called; null if by its options
     * @param options by which a reader tells it from others
     * @param command with which the command line trains the same; null if there is none
     * @param judged the images whose predictions are shown; null if they are not known
     */
    public RunView(
            @Nullable String title,
            Map<String, String> options,
            @Nullable String command,
            int stepsPerEpoch,
            int allEpochs,
            @Nullable Dataset judged) {
        this.title = title;
        this.options = Map.copyOf(options);
        this.command = command;
        this.stepsPerEpoch = stepsPerEpoch;
        this.allEpochs = allEpochs;
        this.record = new LiveRecord(stepsPerEpoch, judged);
    }

    /** Curves and what was seen inside. */
    public LiveRecord record() {
        return record;
    }

    /** How far it is. */
    public Status status() {
        return status;
    }

    /** Steps that are done. */
    public long step() {
        return step;
    }

    /** @param sentence what there is to say about it; null for nothing */
    public void become(Status next, @Nullable String sentence) {
        message = sentence;
        status = next;
        changed = true;
    }

    /** Steps that are done by now. */
    public void reach(long done) {
        step = done;
    }

    /** How fast it is. */
    public void speed(double images) {
        imagesPerSecond = images;
    }

    /** Epochs that are to be trained, which a resumed training may change. */
    public void lengthen(int epochs) {
        allEpochs = epochs;
    }

    /** Where it is kept. */
    public void keepIn(Path path) {
        folder = path;
        changed = true;
    }

    /** The SHA-256 of the weights that came out. */
    public void end(String weightsSha256) {
        hash = weightsSha256;
        changed = true;
    }

    /** Everything. */
    ObjectNode describe() {
        ObjectNode json = state();
        json.put("title", title);
        json.put("command", command);
        ObjectNode given = json.putObject("options");
        options.forEach(given::put);
        record.putAll(json);
        return json;
    }

    /** What has changed since the last call; empty if nothing has. */
    Optional<ObjectNode> news() {
        long reached = step;
        boolean moved = changed || reached != toldStep;
        changed = false;
        toldStep = reached;
        ObjectNode json = moved ? state() : JsonNodeFactory.instance.objectNode();
        record.putNew(json);
        return json.isEmpty() ? Optional.empty() : Optional.of(json);
    }

    private ObjectNode state() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", status.name().toLowerCase(Locale.ROOT));
        json.put("step", step);
        json.put("stepsPerEpoch", stepsPerEpoch);
        json.put("allEpochs", allEpochs);
        json.put("imagesPerSecond", Math.round(imagesPerSecond));
        json.put("message", message);
        json.put("folder", folder == null ? null : String.valueOf(folder));
        json.put("weightsSha256", hash);
        return json;
    }
}
