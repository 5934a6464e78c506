package bpnn.app.command;

import bpnn.app.live.FollowedRun;
import bpnn.app.live.WatchPage;
import bpnn.app.option.UsageException;
import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.data.ImageFormat;
import bpnn.lab.run.PlanException;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.RunRecord;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The runs that a page follows, and their images, where these can be had. One thread uses it. */
final class FollowedRuns implements AutoCloseable {
    private final Session session;
    private final Backend backend;
    private final @Nullable String dataset;
    private final @Nullable Path dataDir;
    private final WatchPage page;
    private final ImageFormat format;
    private final Map<Path, FollowedRun> runs = new LinkedHashMap<>();
    private RunPlan.@Nullable Images images;
    private boolean said;

    /**
     * @param dataset where the images lie now; null if where they lay
     * @param dataDir likewise, of published files
     * @param first the run that says what images there are
     */
    FollowedRuns(Session session, Backend backend, @Nullable String dataset, @Nullable Path dataDir, RunFolder first) {
        this.session = session;
        this.backend = backend;
        this.dataset = dataset;
        this.dataDir = dataDir;
        JsonNode record = RunRecord.read(first.record());
        this.format = RunRecord.format(record)
                .orElseThrow(
                        () -> new DataException(
                                first.record()
                                        + " does not say what images were learnt from: it is older than this page; reproduce writes a new one."));
        JsonNode data = record.path("data");
        this.page = new WatchPage(
                data.path("name").asText(),
                format,
                data.path("trainImages").asInt(),
                data.path("validationImages").asInt(),
                false);
    }

    WatchPage page() {
        return page;
    }

    /** Shows one more run, unless it is shown already or is of other images. */
    void add(RunFolder folder) {
        if (runs.containsKey(folder.path())) {
            return;
        }
        JsonNode record = RunRecord.read(folder.record());
        if (RunRecord.format(record).filter(format::equals).isEmpty()) {
            return;
        }
        Map<String, String> options = RecordedOptions.texts(record.path("options"));
        FollowedRun run = new FollowedRun(
                folder,
                record,
                String.valueOf(folder.path().toAbsolutePath().normalize().getFileName()),
                RecordedOptions.knobs(options),
                options.isEmpty() ? null : RecordedOptions.commandLine(options),
                backend,
                plan(folder, record));
        run.poll();
        runs.put(folder.path(), run);
        page.add(run);
    }

    /** What the run trains, on its own images; null if these are not here, of which a notice tells. */
    private @Nullable RunPlan plan(RunFolder folder, JsonNode record) {
        RecordedOptions options = new RecordedOptions(folder.record(), record.path("options"));
        options.override("offline", true);
        options.override("dataset", dataset);
        options.override("data-dir", dataDir);
        try {
            TrainCommand train = options.command(session.silent());
            RunPlan.Images found = images;
            if (found == null || !isOf(found, record)) {
                found = train.images();
                images = found;
            }
            if (isOf(found, record)) {
                return train.plan(found);
            }
            say("The images of " + folder.path() + " are not those that were found here, so the page shows neither its"
                    + " layers nor its mistakes.");
        } catch (DataException | UsageException | PlanException e) {
            say("The images of " + folder.path() + " cannot be had here, so the page shows neither its layers nor its"
                    + " mistakes; --dataset or --data-dir says where they are. " + e.getMessage());
        }
        return null;
    }

    private static boolean isOf(RunPlan.Images images, JsonNode record) {
        JsonNode data = record.path("data");
        int judged = images.validation() == null ? 0 : images.validation().size();
        return images.trainSha256().equals(data.path("trainSha256").asText())
                && images.train().size() == data.path("trainImages").asInt()
                && judged == data.path("validationImages").asInt();
    }

    /** Once, for many runs may lack the same. */
    private void say(String sentence) {
        if (!said) {
            said = true;
            session.notice(sentence);
        }
    }

    /** Answers what the page asks of the networks. */
    void answer() {
        runs.values().forEach(FollowedRun::answer);
    }

    /** Looks whether there is anything new. */
    void poll() {
        runs.values().forEach(FollowedRun::poll);
    }

    @Override
    public void close() {
        Collection<FollowedRun> open = runs.values();
        open.forEach(FollowedRun::close);
    }
}
