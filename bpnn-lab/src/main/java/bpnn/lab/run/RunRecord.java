package bpnn.lab.run;

import bpnn.backend.BackendCatalogue;
import bpnn.data.DataException;
import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import bpnn.data.ImageShape;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.SyntaxFault;
import bpnn.io.file.Word;
import bpnn.nn.AdamW;
import bpnn.nn.DecoupledDecay;
import bpnn.nn.DropoutRates;
import bpnn.nn.NetworkSpec;
import bpnn.nn.Refinements;
import bpnn.nn.TrainingConfig;
import bpnn.nn.TrainingListener;
import bpnn.nn.WeightAveraging;
import bpnn.spi.Backend;
import bpnn.spi.FloatingPoint;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code run.json}: what is needed to repeat a run and to compare it. Written when the run begins and when it ends. */
public final class RunRecord {
    private static final String STARTED = "started";
    private static final String OPTIONS = "options";
    private static final String BACKEND = "backend";
    private static final String ID = "id";
    private static final String NUMERICS = "numerics";
    private static final String FIRST_STEP = "firstStep";
    private static final String EPOCHS = "configuration.epochs";
    private static final String STEPS = "configuration.steps";
    private static final String RESUMED = "resumedAfterEpochs";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunFolder folder;
    private final Refinements refinements;
    private final ObjectNode root = JsonNodeFactory.instance.objectNode();

    /**
     * Begins the record.
     *
     * @param options the command's options in force, with which {@code reproduce} repeats it
     */
    public RunRecord(RunFolder folder, RunPlan plan, Backend backend, Map<String, String> options) {
        this.folder = folder;
        this.refinements = plan.training().refinements();
        root.put("status", "running");
        root.put(STARTED, Instant.now().toString());
        root.putNull(FIRST_STEP);
        root.putNull("finished");
        root.putArray(RESUMED);
        ObjectNode given = root.putObject(OPTIONS);
        options.forEach(given::put);
        root.set("configuration", configuration(plan));
        ObjectNode device = root.putObject(BACKEND);
        device.put(ID, backend.id());
        device.put("device", backend.device());
        device.put(NUMERICS, Word.of(backend.numerics()));
        ObjectNode facts = device.putObject("facts");
        backend.facts().forEach(facts::put);
        root.set("data", data(plan.images()));
        root.set("images", images(plan.images()));
        root.set("versions", versions());
    }

    /**
     * Reads a record.
     *
     * @throws DataException if it cannot be read or is none
     */
    public static JsonNode read(Path file) {
        try {
            JsonNode record = JSON.readTree(Files.readAllBytes(file));
            if (record.path("configuration").isObject()) {
                return record;
            }
            throw new DataException(file + " cannot be used: it is not the record of a run.");
        } catch (JsonProcessingException e) {
            throw new DataException(file + " cannot be used: " + SyntaxFault.words("JSON", e) + ".", e);
        } catch (IOException e) {
            throw new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        }
    }

    private static ObjectNode configuration(RunPlan plan) {
        NetworkSpec network = plan.network();
        TrainingConfig training = plan.training();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        network.hidden().forEach(node.putArray("hidden")::add);
        node.put("activation", Word.of(network.activation()));
        putDropout(network.dropout(), node);
        node.put("dropoutMask", Word.of(network.dropoutPerBatch() ? DropoutMask.PER_BATCH : DropoutMask.PER_EXAMPLE));
        node.put("batchNorm", network.batchNorm());
        node.put("normalize", plan.normalisation());
        node.put(
                "init",
                plan.start() instanceof RunPlan.Start.Drawn drawn
                        ? Word.of(drawn.initialiser())
                        : ((RunPlan.Start.FromFile) plan.start()).file().toString());
        node.put("optimizer", plan.optimizer());
        node.put("learningRate", training.optimizer().learningRate());
        node.put("batchSize", training.batchSize());
        node.put("epochs", training.epochs());
        if (training.maxSteps() == 0) {
            node.putNull("steps");
        } else {
            node.put("steps", training.maxSteps());
        }
        node.put("shuffle", training.shuffle());
        node.put("seed", training.seed());
        node.put("logSteps", plan.logSteps());
        Refinements refinements = training.refinements();
        node.put("schedule", refinements.schedule().toString());
        node.put("weightDecay", training.optimizer() instanceof AdamW w ? w.weightDecay() : refinements.l2());
        node.put("labelSmoothing", refinements.labelSmoothing());
        node.put("clipNorm", refinements.clipNorm());
        node.put("maxNorm", refinements.maxNorm());
        node.put("patience", refinements.patience());
        if (training.optimizer() instanceof DecoupledDecay decoupled) {
            node.put("decoupledDecay", decoupled.decay());
        }
        if (!refinements.distortion().isNone()) {
            node.put("augmentation", refinements.distortion().toString());
        }
        if (!(refinements.averaging() instanceof WeightAveraging.None)) {
            node.put("averaging", refinements.averaging().toString());
        }
        if (plan.calibrated()) {
            node.put("calibrated", true);
        }
        return node;
    }

    private static void putDropout(DropoutRates rates, ObjectNode node) {
        if (rates.hidden().size() == 1) {
            node.put("dropout", rates.hidden().get(0));
        } else {
            rates.hidden().forEach(node.putArray("dropout")::add);
        }
        if (rates.input() > 0) {
            node.put("inputDropout", rates.input());
        }
    }

    private static ObjectNode data(RunPlan.Images images) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", images.train().name());
        node.put("trainImages", images.train().size());
        node.put(
                "validationImages",
                images.validation() == null ? 0 : images.validation().size());
        node.put("testImages", images.test().size());
        node.put("trainSha256", images.trainSha256());
        node.put("testSha256", images.testSha256());
        return node;
    }

    /** What the images are like; the hashes above tell one data set from another. */
    private static ObjectNode images(RunPlan.Images images) {
        ImageFormat format = images.train().format();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("shape", format.shape().toString());
        node.put("framing", Word.of(format.framing()));
        format.classNames().forEach(node.putArray("classes")::add);
        new TreeMap<>(images.facts()).forEach(node::put);
        return node;
    }

    /** The images that a record tells of; empty if it is older than that, or does not say it rightly. */
    public static Optional<ImageFormat> format(JsonNode record) {
        JsonNode images = record.path("images");
        List<String> classes = new ArrayList<>();
        images.path("classes").forEach(name -> classes.add(name.asText()));
        try {
            Framing framing =
                    Word.constant(Framing.class, images.path("framing").asText());
            return ImageShape.parse(images.path("shape").asText())
                    .map(shape -> new ImageFormat(shape, classes, framing));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ObjectNode versions() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("bpnn", Build.number());
        node.put("commit", Build.commit());
        node.put("java", Runtime.version().toString());
        node.put("jvm", System.getProperty("java.vm.name"));
        node.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        return node;
    }

    /** A copy as it stands. */
    public ObjectNode toJson() {
        return root.deepCopy();
    }

    /**
     * Makes it the record of a run that began earlier. Backend and arithmetic may be others, if they were asked for by name,
     * and the run may be longer or shorter, if its schedule does not depend on its length.
     *
     * @param before the record that the run had
     * @param epochs epochs that were done then
     * @param steps steps that were done then
     * @return what became of the backend, if it is not the same any more
     * @throws PlanException if the two runs are not the same
     */
    public Optional<BackendChange> resume(JsonNode before, int epochs, long steps) {
        List<Difference> differences = differences(before, textualCopy(), List.of("configuration", "data"));
        List<Difference> unasked = unaskedDifferences(before.path(BACKEND), root.path(BACKEND));
        differences.addAll(unasked);
        differences.removeIf(difference -> mayDiffer(difference, epochs, steps));
        if (!differences.isEmpty()) {
            throw new PlanException("The run in " + folder.path() + " cannot be resumed as another one: "
                    + differences.stream().map(Difference::inTime).collect(Collectors.joining("; "))
                    + ". Give the options that it was begun with, or begin another run with another --out."
                    + (unasked.isEmpty()
                            ? ""
                            : " To go on with another backend or arithmetic, ask for it: --backend, --numerics.")
                    + (differences.stream().allMatch(RunRecord::isLength) ? wayOut() : ""));
        }
        root.put(STARTED, before.path(STARTED).asText());
        ArrayNode resumed = root.putArray(RESUMED);
        before.path(RESUMED).forEach(resumed::add);
        resumed.add(epochs);
        Optional<BackendChange> change = BackendChange.between(before.path(BACKEND), root.path(BACKEND), epochs);
        BackendChange.copy(before, root);
        change.ifPresent(made -> made.addTo(root));
        return change;
    }

    private static boolean isLength(Difference difference) {
        return difference.name.equals(EPOCHS) || difference.name.equals(STEPS);
    }

    /** Another length is no other run up to here if no step of it would have been another one. */
    private boolean mayDiffer(Difference difference, int epochs, long steps) {
        JsonNode now = root.at("/" + difference.name.replace('.', '/'));
        long done = difference.name.equals(EPOCHS) ? epochs : steps;
        return isLength(difference) && !refinements.dependOnLength() && (now.isNull() || now.asLong() >= done);
    }

    private String wayOut() {
        if (!refinements.dependOnLength()) {
            return "";
        }
        String reason = refinements.schedule().dependsOnLength()
                ? "learning rates depend on its length (" + refinements.schedule()
                : "average of the weights depends on its length (" + refinements.averaging();
        return " Its " + reason + "). To train on from its weights, begin another run with --init " + folder.model()
                + ".";
    }

    /** A backend that was named brings its arithmetic with it. */
    private List<Difference> unaskedDifferences(JsonNode before, JsonNode now) {
        List<Difference> differences = new ArrayList<>();
        JsonNode given = root.path(OPTIONS);
        boolean named = !given.path(BACKEND).asText(BackendCatalogue.AUTO).equals(BackendCatalogue.AUTO);
        boolean other = !before.path(ID).equals(now.path(ID));
        if (!named) {
            differences(BACKEND + "." + ID, before.path(ID), now.path(ID), differences);
        }
        if (!given.has(NUMERICS) && !(named && other)) {
            differences(BACKEND + "." + NUMERICS, before.path(NUMERICS), now.path(NUMERICS), differences);
        }
        return differences;
    }

    /**
     * A figure that differs between two records.
     *
     * @param name where it stands, such as {@code configuration.seed}
     * @param first what it is in the first
     * @param second what it is in the second
     */
    public record Difference(String name, String first, String second) {
        /** As a phrase, where the second record is the later one. */
        public String inTime() {
            return name + " was " + first + ", but now is " + second;
        }
    }

    /** What differs between two records as read from files, in some of their parts. */
    public static List<Difference> differences(JsonNode before, JsonNode now, List<String> parts) {
        List<Difference> differences = new ArrayList<>();
        parts.forEach(part -> differences(part, before.path(part), now.path(part), differences));
        return differences;
    }

    /** As it would be read back: JSON does not tell a float from a double. */
    public JsonNode textualCopy() {
        try {
            return JSON.readTree(root.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record that was built as JSON is JSON", e);
        }
    }

    private static void differences(String name, JsonNode before, JsonNode now, List<Difference> differences) {
        if (before.isObject() && now.isObject()) {
            Set<String> names = new TreeSet<>();
            before.fieldNames().forEachRemaining(names::add);
            now.fieldNames().forEachRemaining(names::add);
            names.forEach(inner -> differences(name + "." + inner, before.path(inner), now.path(inner), differences));
        } else if (!before.equals(now)) {
            differences.add(new Difference(name, words(before), words(now)));
        }
    }

    private static String words(JsonNode value) {
        return value.isMissingNode() || value.isNull()
                ? "not set"
                : value.isTextual() ? value.asText() : value.toString();
    }

    /** Notes when the first training step of this program's run was done; the next writing brings it to disk. */
    public TrainingListener firstStep() {
        return new TrainingListener() {
            @Override
            public boolean observes(long step) {
                return root.path(FIRST_STEP).isNull();
            }

            @Override
            public void afterStep(long step) {
                root.put(FIRST_STEP, Instant.now().toString());
            }
        };
    }

    /** Writes it as it stands at the beginning. */
    public void write() {
        AtomicFile.write(folder.record(), root.toPrettyString() + "\n");
    }

    /**
     * Writes it as it stands at the end.
     *
     * @param status done, interrupted, diverged or failed
     * @param result the final figures
     */
    public void finish(String status, ObjectNode result) {
        root.put("status", status);
        root.put("finished", Instant.now().toString());
        root.withObjectProperty(BACKEND).put("keepsSubnormals", FloatingPoint.keepsSubnormals());
        root.set("result", result);
        write();
    }

    /** Writes that the run ended on an error, which goes on its way whether or not that succeeds. */
    public void fail(Throwable error) {
        String sentence = error.getMessage() == null ? error.toString() : error.getMessage();
        try {
            finish("failed", JsonNodeFactory.instance.objectNode().put("error", sentence));
        } catch (RuntimeException e) {
            error.addSuppressed(e);
        }
    }
}
