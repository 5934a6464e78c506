package bpnn.app.live;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.io.file.Word;
import bpnn.io.model.Model;
import bpnn.lab.probe.NetworkView;
import bpnn.lab.probe.StandingNetwork;
import bpnn.lab.run.Checkpoint;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.RunRecord;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A run that some program writes, or has written, as its folder tells of it: what an epoch brought when it is over, and the
 * network as it stands then. Reads, and writes nothing.
 */
public final class FollowedRun implements ShownRun {
    /** A running training of which nothing has been heard for so long, and for so many epochs, may be none any more. */
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int SILENT_EPOCHS = 4;

    /** How long to wait after what could not be read. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final RunFolder folder;
    private final RunView view;
    private final Backend backend;
    private final @Nullable RunPlan plan;
    private final @Nullable Dataset judged;
    private final HistoryReader history;
    private final FileWatch record;
    private final FileWatch checkpoint;
    private final FileWatch model;
    private final Questions questions = new Questions();
    private final int stepsPerEpoch;
    private @Nullable StandingNetwork loaded;
    private long heard = System.nanoTime();
    private long nextPoll = System.nanoTime();
    private boolean troubled;
    private boolean silent;
    private double secondsOfAnEpoch;

    /**
     * @param described what {@code run.json} says
     * @param options by which a reader tells it from others
     * @param command with which the command line trains the same
     * @param backend computes what the network makes of images; used in the thread that polls
     * @param plan what is trained; null if its images are not here
     */
    public FollowedRun(
            RunFolder folder,
            JsonNode described,
            String title,
            Map<String, String> options,
            @Nullable String command,
            Backend backend,
            @Nullable RunPlan plan) {
        this.folder = folder;
        this.backend = backend;
        this.plan = plan;
        this.judged = plan == null ? null : plan.images().validation();
        this.stepsPerEpoch = stepsPerEpoch(described);
        this.view = new RunView(title, options, command, stepsPerEpoch, epochs(described), judged);
        this.history = new HistoryReader(folder.historyJsonl());
        this.record = new FileWatch(folder.record());
        this.checkpoint = new FileWatch(folder.checkpoint());
        this.model = new FileWatch(folder.model());
        view.keepIn(folder.path());
    }

    private static int epochs(JsonNode record) {
        return record.at("/configuration/epochs").asInt();
    }

    /** As a training counts them that leaves out no image but those of a last batch that is too small. */
    private static int stepsPerEpoch(JsonNode record) {
        JsonNode configuration = record.path("configuration");
        int images = record.at("/data/trainImages").asInt();
        int batch = Math.max(1, configuration.path("batchSize").asInt(1));
        int left = images % batch;
        boolean counts = configuration.path("shuffle").asBoolean(true)
                && left >= (configuration.path("batchNorm").asBoolean() ? 2 : 1);
        return Math.max(1, images / batch + (counts ? 1 : 0));
    }

    @Override
    public RunView view() {
        return view;
    }

    @Override
    public CompletableFuture<float[]> read(Dataset image) {
        return questions.ask(image);
    }

    /** Answers what a page asks of the network. */
    public void answer() {
        StandingNetwork network = loaded;
        if (network == null) {
            questions.decline();
        } else {
            questions.answer(image -> Looks.read(network.view(), image));
        }
    }

    /** Looks whether there is anything new. What cannot be read is said in the page, and tried again later. */
    public void poll() {
        if (System.nanoTime() < nextPoll) {
            return;
        }
        try {
            look();
            if (troubled) {
                troubled = false;
                view.become(view.status(), sentence(view.status()));
            }
        } catch (DataException e) {
            troubled = true;
            nextPoll = System.nanoTime() + AGAIN_NANOS;
            List.of(history.watch(), checkpoint, model, record).forEach(FileWatch::forget);
            view.become(view.status(), e.getMessage());
        }
        sayIfSilent();
    }

    private void look() {
        boolean grown = history.watch().hasChanged();
        if (grown) {
            showHistory();
        }
        boolean saved = checkpoint.hasChanged();
        boolean written = model.hasChanged();
        if (saved || written) {
            // A training that was taken up again has the model of before beside newer checkpoints.
            showNetwork(model.modified() >= checkpoint.modified());
        }
        boolean told = record.hasChanged();
        if (grown || saved || written || told) {
            heard = System.nanoTime();
            if (silent) {
                silent = false;
                view.become(view.status(), null);
            }
        }
        if (told) {
            showRecord(RunRecord.read(folder.record()));
        }
    }

    private void sayIfSilent() {
        long silence = System.nanoTime() - heard;
        if (view.status() == RunView.Status.RUNNING
                && silence > Math.max(SILENT_NANOS, (long) (SILENT_EPOCHS * secondsOfAnEpoch * 1e9))) {
            silent = true;
            view.become(
                    RunView.Status.RUNNING,
                    "nothing new for " + TimeUnit.NANOSECONDS.toMinutes(silence)
                            + " min; the program that trains may have ended");
        }
    }

    private void showHistory() {
        LiveRecord curves = view.record();
        HistoryReader.History read = history.read();
        curves.forgetCurves();
        read.losses().forEach((step, loss) -> curves.loss((double) step / stepsPerEpoch, loss));
        for (HistoryReader.Epoch epoch : read.epochs()) {
            if (read.losses().isEmpty()) {
                // The mean over an epoch is that of its middle, more or less.
                curves.loss(epoch.result().epoch() - 0.5, epoch.result().trainLoss());
            }
            curves.epoch(epoch.result());
            view.speed(epoch.imagesPerSecond());
            secondsOfAnEpoch = epoch.result().seconds();
        }
        view.reach((long) read.epochs().size() * stepsPerEpoch);
        if (view.status() == RunView.Status.PREPARING) {
            view.become(RunView.Status.RUNNING, null);
        }
    }

    private void showRecord(JsonNode now) {
        view.lengthen(epochs(now));
        RunView.Status status = status(now);
        JsonNode result = now.path("result");
        if (result.has("weightsSha256")) {
            view.end(result.get("weightsSha256").asText());
        }
        if (result.path("steps").isNumber()) {
            view.reach(result.get("steps").asLong());
        }
        view.become(status, sentence(status));
    }

    private static RunView.Status status(JsonNode record) {
        try {
            return Word.constant(RunView.Status.class, record.path("status").asText());
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    "run.json has a status that this program does not know: " + record.path("status") + ".", e);
        }
    }

    private static @Nullable String sentence(RunView.Status status) {
        return switch (status) {
            case DIVERGED -> "diverged; the last good weights are kept";
            case FAILED -> "failed; run.json says why";
            default -> null;
        };
    }

    private void showNetwork(boolean over) {
        if (over) {
            Model trained = Model.read(folder.model(), assumption -> {});
            load(trained.spec(), trained.scaling(), trained.state());
            return;
        }
        SortedMap<String, StateTensor> tensors =
                Checkpoint.read(folder.checkpoint()).model();
        if (plan == null) {
            showWeights(tensors.get("fc1.weight"));
        } else {
            load(plan.network(), plan.training().scaling(), tensors);
        }
    }

    /** All that can be shown of a network of which it is not known how its inputs are scaled; a row of inputs for each unit. */
    private void showWeights(@Nullable StateTensor weight) {
        if (weight == null) {
            throw new DataException(folder.checkpoint() + " has no weights of a first layer, fc1.weight.");
        }
        int inputs = weight.shape().get(1);
        int units = Math.min(Looks.PICTURED_UNITS, weight.shape().get(0));
        view.record().look(view.step(), List.of(), false, Arrays.copyOf(weight.values(), units * inputs), inputs);
    }

    private void load(NetworkSpec spec, InputScaling scaling, SortedMap<String, StateTensor> tensors) {
        closeNetwork();
        StandingNetwork next;
        try {
            next = new StandingNetwork(backend, spec, scaling, tensors);
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    "The weights in " + folder.path() + " do not fit its network: " + e.getMessage() + ".", e);
        }
        loaded = next;
        LiveRecord curves = view.record();
        NetworkView network = next.view();
        float[] pictured = network.firstWeights(Looks.PICTURED_UNITS);
        if (judged == null) {
            curves.look(view.step(), List.of(), false, pictured, spec.inputs());
        } else {
            curves.look(view.step(), network.probe(judged, Looks.SAMPLE).look(), true, pictured, spec.inputs());
            curves.judge(next.evaluate(judged));
        }
    }

    private void closeNetwork() {
        StandingNetwork before = loaded;
        loaded = null;
        if (before != null) {
            before.close();
        }
    }

    @Override
    public void close() {
        questions.end();
        closeNetwork();
    }
}
