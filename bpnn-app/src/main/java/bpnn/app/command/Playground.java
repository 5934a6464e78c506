package bpnn.app.command;

import bpnn.app.option.UsageException;
import bpnn.app.session.Session;
import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.lab.run.PlanException;
import bpnn.lab.run.RunPlan;
import bpnn.spi.Backend;
import bpnn.web.LivePage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/** Up to four runs that a page steers. What it asks for is checked here, whatever the page has checked before. */
final class Playground implements LivePage, AutoCloseable {
    private static final int MOST_RUNS = 4;
    private static final int MOST_LAYERS = 5;
    private static final int MOST_UNITS = 2048;
    private static final int MOST_EPOCHS = 1000;
    private static final long ANSWER_MILLIS = 2000;

    /** The options of {@code train} that a page sets. */
    private static final Set<String> KNOBS = Set.of(
            "activation",
            "batch-norm",
            "batch-size",
            "dropout",
            "epochs",
            "hidden",
            "learning-rate",
            "normalize",
            "optimizer",
            "seed");

    private final Session session;
    private final Map<String, String> dataOptions;
    private final RunPlan.Images images;
    private final Supplier<Backend> backend;
    private final Supplier<Path> parent;
    private @Nullable Path folder;
    private final Turns turns = new Turns();
    private final List<LiveRun> runs = new ArrayList<>();
    private volatile boolean watched;
    private boolean runsChanged;
    private int folders;

    /**
     * @param dataOptions with which {@code train} would have the same images
     * @param backend opens one for each run
     * @param parent makes the folder of the runs' folders, when one of them begins
     */
    Playground(
            Session session,
            Map<String, String> dataOptions,
            RunPlan.Images images,
            Supplier<Backend> backend,
            Supplier<Path> parent) {
        this.session = session;
        this.dataOptions = dataOptions;
        this.images = images;
        this.backend = backend;
        this.parent = parent;
    }

    @Override
    public synchronized ObjectNode state() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode data = json.putObject("data").put("name", images.train().name());
        data.put(
                "command",
                dataOptions.entrySet().stream()
                        .filter(option -> !option.getValue().equals("false"))
                        .map(option -> "--" + option.getKey()
                                + (option.getValue().equals("true") ? "" : " " + option.getValue()))
                        .collect(Collectors.joining(" ")));
        data.put("train", images.train().size());
        data.put("validation", judged().size());
        ImageFormat format = format();
        data.put("height", format.shape().height());
        data.put("width", format.shape().width());
        data.put("channels", format.shape().channels());
        format.classNames().forEach(data.putArray("classes")::add);
        describe(json);
        return json;
    }

    private void describe(ObjectNode json) {
        ArrayNode list = json.putArray("runs");
        for (LiveRun run : runs) {
            ObjectNode entry = run.describe();
            ObjectNode options = entry.putObject("options");
            run.options().forEach((name, value) -> {
                if (KNOBS.contains(name)) {
                    options.put(name, value);
                }
            });
            list.add(entry);
        }
    }

    private Dataset judged() {
        return Objects.requireNonNull(images.validation());
    }

    @Override
    public synchronized Optional<ObjectNode> changes() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (runsChanged) {
            runsChanged = false;
            // Whatever is new of them is told with them.
            runs.forEach(LiveRun::news);
            describe(json);
            return Optional.of(json);
        }
        ObjectNode news = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < runs.size(); i++) {
            int number = i;
            runs.get(i).news().ifPresent(each -> news.set(String.valueOf(number), each));
        }
        if (news.isEmpty()) {
            return Optional.empty();
        }
        json.set("news", news);
        return Optional.of(json);
    }

    @Override
    public synchronized void command(JsonNode command) {
        String what = command.path("do").asText();
        switch (what) {
            case "runs" -> set(command.path("runs"));
            case "start" -> each(command, LiveRun::start);
            case "pause" -> each(command, LiveRun::pause);
            case "step" -> each(command, LiveRun::oneStep);
            case "epoch" -> each(command, LiveRun::oneEpoch);
            case "reset" -> reset();
            default ->
                throw new IllegalArgumentException(
                        "\"" + what + "\" is nothing that can be done; runs, start, pause, step, epoch and reset can.");
        }
    }

    /** One run if it is named, else all. */
    private void each(JsonNode command, Consumer<LiveRun> action) {
        JsonNode run = command.path("run");
        if (run.isMissingNode() || run.isNull()) {
            runs.forEach(action);
        } else if (run.isInt() && run.intValue() >= 0 && run.intValue() < runs.size()) {
            action.accept(runs.get(run.intValue()));
        } else {
            throw new IllegalArgumentException("There is no run " + run + ".");
        }
    }

    /** Makes the runs be these; those whose options stay are left alone. */
    private void set(JsonNode wanted) {
        if (!wanted.isArray() || wanted.isEmpty() || wanted.size() > MOST_RUNS) {
            throw new IllegalArgumentException(
                    "There are 1 to " + MOST_RUNS + " runs, but " + wanted.size() + " were asked for.");
        }
        List<Map<String, String>> options = new ArrayList<>();
        List<RunPlan> plans = new ArrayList<>();
        for (JsonNode each : wanted) {
            Map<String, String> chosen = options(each);
            options.add(chosen);
            plans.add(plan(chosen));
        }
        List<LiveRun> left = new ArrayList<>(runs);
        List<LiveRun> next = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            Map<String, String> chosen = options.get(i);
            Optional<LiveRun> same =
                    left.stream().filter(run -> run.options().equals(chosen)).findFirst();
            same.ifPresent(left::remove);
            RunPlan plan = plans.get(i);
            next.add(same.orElseGet(() -> open(chosen, plan)));
        }
        replace(next, left);
    }

    private void reset() {
        List<LiveRun> next = new ArrayList<>();
        runs.forEach(run -> next.add(open(run.options(), plan(run.options()))));
        replace(next, List.copyOf(runs));
    }

    private void replace(List<LiveRun> next, List<LiveRun> ended) {
        ended.forEach(LiveRun::requestEnd);
        runs.clear();
        runs.addAll(next);
        runsChanged = true;
    }

    private LiveRun open(Map<String, String> options, RunPlan plan) {
        return new LiveRun(session, options, plan, backend, this::newFolder, turns, () -> watched);
    }

    private synchronized Path newFolder() {
        if (folder == null) {
            folder = parent.get();
        }
        Path next;
        do {
            next = folder.resolve("run-" + ++folders);
        } while (Files.exists(next));
        return next;
    }

    private Map<String, String> options(JsonNode wanted) {
        Map<String, String> options = new TreeMap<>(dataOptions);
        for (Map.Entry<String, JsonNode> knob : wanted.properties()) {
            if (!KNOBS.contains(knob.getKey()) || !knob.getValue().isValueNode()) {
                throw new IllegalArgumentException("\"" + knob.getKey() + "\" is no knob of this page.");
            }
            options.put(knob.getKey(), knob.getValue().asText());
        }
        return options;
    }

    private RunPlan plan(Map<String, String> options) {
        RunPlan plan;
        try {
            plan = RecordedOptions.parse(session.silent(), options).plan(images);
        } catch (ParameterException | UsageException | PlanException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()).replaceFirst("\\.$", "") + ".", e);
        }
        List<Integer> hidden = plan.network().hidden();
        if (hidden.size() > MOST_LAYERS || hidden.stream().anyMatch(units -> units > MOST_UNITS)) {
            throw new IllegalArgumentException("A page shows at most " + MOST_LAYERS + " hidden layers of " + MOST_UNITS
                    + " units; ./bpnn train takes more.");
        }
        if (plan.training().epochs() > MOST_EPOCHS) {
            throw new IllegalArgumentException("A page trains at most " + MOST_EPOCHS + " epochs; ./bpnn train more.");
        }
        boolean small = plan.training().batchSize() < plan.smallestBatch();
        if (small || plan.stepsPerEpoch() == 0) {
            throw new IllegalArgumentException("A batch of " + plan.training().batchSize() + " is too "
                    + (small ? "small for batch normalisation." : "large for the images."));
        }
        return plan;
    }

    @Override
    public void watched(boolean byAnybody) {
        watched = byAnybody;
    }

    @Override
    public ImageFormat format() {
        return images.train().format();
    }

    @Override
    public ArrayNode read(Dataset image) {
        List<CompletableFuture<float[]>> answers = new ArrayList<>();
        synchronized (this) {
            runs.forEach(run -> answers.add(run.read(image)));
        }
        ArrayNode readings = JsonNodeFactory.instance.arrayNode();
        for (CompletableFuture<float[]> answer : answers) {
            try {
                ArrayNode probabilities = JsonNodeFactory.instance.arrayNode();
                for (float probability : answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                    if (Float.isFinite(probability)) {
                        probabilities.add(Math.round(probability * 1e4) / 1e4);
                    } else {
                        probabilities.addNull();
                    }
                }
                readings.add(probabilities);
            } catch (TimeoutException | ExecutionException | CancellationException e) {
                readings.addNull();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                readings.addNull();
            }
        }
        return readings;
    }

    /** Ends all runs, and waits until what they have learnt is written. */
    @Override
    public void close() {
        List<LiveRun> open;
        synchronized (this) {
            open = List.copyOf(runs);
            runs.clear();
        }
        open.forEach(LiveRun::requestEnd);
        open.forEach(LiveRun::close);
    }
}
