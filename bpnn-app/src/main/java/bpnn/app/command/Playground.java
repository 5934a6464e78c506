package bpnn.app.command;

import bpnn.app.live.RunsPage;
import bpnn.app.option.UsageException;
import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.data.ImageFormat;
import bpnn.lab.run.PlanException;
import bpnn.lab.run.RunPlan;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/** Up to four runs that a page steers. What it asks for is checked here, whatever the page has checked before. */
final class Playground extends RunsPage<LiveRun> {
    private static final int MOST_LAYERS = 5;
    private static final int MOST_UNITS = 2048;
    private static final int MOST_EPOCHS = 1000;

    private final Session session;
    private final PlayData library;
    private final Supplier<Backend> backend;
    private final Supplier<Path> parent;
    private @Nullable Path folder;
    private final Turns turns = new Turns();
    private volatile PlayData.Loaded data;
    private int folders;

    /**
     * @param library the data sets to choose from
     * @param data the one to begin with
     * @param backend opens one for each run
     * @param parent makes the folder of the runs' folders, when one of them begins
     */
    Playground(
            Session session, PlayData library, PlayData.Loaded data, Supplier<Backend> backend, Supplier<Path> parent) {
        this.session = session;
        this.library = library;
        this.data = data;
        this.backend = backend;
        this.parent = parent;
    }

    @Override
    protected ObjectNode data() {
        PlayData.Loaded shown = data;
        RunPlan.Images images = shown.images();
        ObjectNode json = data(images.train().name(), format());
        json.put("train", images.train().size());
        json.put("validation", Objects.requireNonNull(images.validation()).size());
        json.put("choice", shown.name());
        library.names().forEach(json.putArray("choices")::add);
        return json;
    }

    @Override
    public synchronized void command(JsonNode command) {
        String what = command.path("do").asText();
        switch (what) {
            case "runs" -> set(command.path("runs"), command.path("data"));
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
        List<LiveRun> runs = runs();
        if (run.isMissingNode() || run.isNull()) {
            runs.forEach(action);
        } else if (run.isInt() && run.intValue() >= 0 && run.intValue() < runs.size()) {
            action.accept(runs.get(run.intValue()));
        } else {
            throw new IllegalArgumentException("There is no run " + run + ".");
        }
    }

    /** Makes the runs be these, on these images; those whose options stay are left alone. */
    private void set(JsonNode wanted, JsonNode images) {
        if (!wanted.isArray() || wanted.isEmpty() || wanted.size() > MOST_RUNS) {
            throw new IllegalArgumentException(
                    "There are 1 to " + MOST_RUNS + " runs, but " + wanted.size() + " were asked for.");
        }
        PlayData.Loaded next = images.isTextual() ? loaded(images.textValue()) : data;
        List<Map<String, String>> options = new ArrayList<>();
        List<RunPlan> plans = new ArrayList<>();
        for (JsonNode each : wanted) {
            Map<String, String> chosen = options(next, each);
            options.add(chosen);
            plans.add(plan(next, chosen));
        }
        data = next;
        List<LiveRun> left = new ArrayList<>(runs());
        List<LiveRun> runs = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            Map<String, String> chosen = options.get(i);
            Optional<LiveRun> same =
                    left.stream().filter(run -> run.options().equals(chosen)).findFirst();
            same.ifPresent(left::remove);
            RunPlan plan = plans.get(i);
            runs.add(same.orElseGet(() -> open(chosen, plan)));
        }
        replace(runs, left);
    }

    private PlayData.Loaded loaded(String name) {
        if (name.equals(data.name())) {
            return data;
        }
        try {
            return library.load(name);
        } catch (DataException | UsageException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    private void reset() {
        List<LiveRun> before = runs();
        List<LiveRun> next = new ArrayList<>();
        before.forEach(run -> next.add(open(run.options(), plan(data, run.options()))));
        replace(next, before);
    }

    private void replace(List<LiveRun> next, List<LiveRun> ended) {
        ended.forEach(LiveRun::requestEnd);
        show(next);
    }

    private LiveRun open(Map<String, String> options, RunPlan plan) {
        return new LiveRun(session, options, plan, backend, this::newFolder, turns, this::isWatched);
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

    private static Map<String, String> options(PlayData.Loaded images, JsonNode wanted) {
        Map<String, String> options = new TreeMap<>(images.options());
        for (Map.Entry<String, JsonNode> knob : wanted.properties()) {
            if (!RecordedOptions.KNOBS.contains(knob.getKey())
                    || !knob.getValue().isValueNode()) {
                throw new IllegalArgumentException("\"" + knob.getKey() + "\" is no knob of this page.");
            }
            options.put(knob.getKey(), knob.getValue().asText());
        }
        return options;
    }

    private RunPlan plan(PlayData.Loaded images, Map<String, String> options) {
        RunPlan plan;
        try {
            plan = RecordedOptions.parse(session.silent(), options).plan(images.images());
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
    public ImageFormat format() {
        return data.images().train().format();
    }

    /** Ends all runs, and waits until what they have learnt is written. */
    @Override
    public void close() {
        List<LiveRun> open = runs();
        show(List.of());
        open.forEach(LiveRun::requestEnd);
        open.forEach(LiveRun::close);
    }
}
