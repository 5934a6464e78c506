package bpnn.app.command;

import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.data.Dataset;
import bpnn.io.file.AtomicFile;
import bpnn.io.model.Combination;
import bpnn.io.model.Ensemble;
import bpnn.io.model.LoadedEnsemble;
import bpnn.io.model.Model;
import bpnn.lab.run.Checkpoint;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.RunRecord;
import bpnn.lab.run.TrainingRun;
import bpnn.lab.trace.TraceSettings;
import bpnn.nn.Evaluation;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trains the members of an ensemble, one seed after the other, each in a run folder of its own, and judges by all of them
 * together.
 */
final class MembersJob {
    private static final String RESULT = "ensemble.json";

    private final Session session;
    private final Backend backend;
    private final RunPlan plan;
    private final Path folder;
    private final Map<String, String> options;
    private final Optional<TraceSettings> tracing;
    private final LoadedEnsemble.Versions versions;
    private final Watching watching;
    private volatile boolean stopRequested;
    private volatile @Nullable TrainingRun current;

    /**
     * @param folder of the ensemble
     * @param options of the command in force
     * @param tracing what the trace of each member is to hold
     * @param versions of each test image, by which all together are judged
     * @param watching shows the members, if anybody wants to see them
     */
    MembersJob(
            Session session,
            Backend backend,
            RunPlan plan,
            Path folder,
            Map<String, String> options,
            Optional<TraceSettings> tracing,
            LoadedEnsemble.Versions versions,
            Watching watching) {
        this.session = session;
        this.backend = backend;
        this.plan = plan;
        this.folder = folder;
        this.options = options;
        this.tracing = tracing;
        this.versions = versions;
        this.watching = watching;
    }

    /** Asks for an end soon; any thread may call it. */
    void requestStop() {
        stopRequested = true;
        TrainingRun run = current;
        if (run != null) {
            run.requestStop();
        }
    }

    /** Trains all members, those that are done excepted, and gives the exit code. */
    int execute(int members, boolean resume) {
        for (int number = 1; number <= members && !resume; number++) {
            RunFolder.checkFree(Ensemble.member(folder, number));
        }
        for (int number = 1; number <= members; number++) {
            long seed = plan.training().seed() + number - 1;
            session.notice("Member " + number + " of " + members + ", seed " + seed + ".");
            int exitCode = train(plan.withSeed(seed), Ensemble.member(folder, number), resume);
            if (exitCode != ExitCode.DONE) {
                return exitCode;
            }
        }
        judge(members);
        return ExitCode.DONE;
    }

    private int train(RunPlan member, Path path, boolean resume) {
        RunFolder run = RunFolder.at(path);
        Optional<Checkpoint> checkpoint = resume ? run.readCheckpoint() : Optional.empty();
        try (TrainingRun training = new TrainingRun(backend, member)) {
            current = training;
            if (stopRequested) {
                return ExitCode.INTERRUPTED;
            }
            Map<String, String> own = options(member, path);
            TrainingJob job = new TrainingJob(session.withoutResults(), training, member, run, backend, own, null);
            tracing.ifPresent(job::trace);
            watching.watch(job, training, member, own, path);
            if (resume) {
                job.resume(checkpoint);
            }
            return job.execute();
        } finally {
            current = null;
        }
    }

    /** What {@code train} would have been given for this member alone, so that {@code reproduce} can repeat it. */
    private Map<String, String> options(RunPlan member, Path path) {
        Map<String, String> own = new LinkedHashMap<>(options);
        own.remove("members");
        // A member is judged by the images themselves.
        own.remove("tta");
        own.put("seed", String.valueOf(member.training().seed()));
        own.put("out", path.toString());
        return own;
    }

    private void judge(int members) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("backend", backend.id());
        StringBuilder text = new StringBuilder("member      seed   test accuracy   test loss\n");
        ArrayNode each = json.putArray("members");
        List<Model> models = new ArrayList<>();
        for (int number = 1; number <= members; number++) {
            RunFolder run = new RunFolder(Ensemble.member(folder, number));
            JsonNode record = RunRecord.read(run.record());
            JsonNode result = record.path("result");
            models.add(Model.read(run.model(), assumption -> {}));
            long seed = record.at("/configuration/seed").asLong();
            double accuracy = result.path("testAccuracy").asDouble();
            double loss = result.path("testLoss").asDouble();
            text.append(String.format(Locale.ROOT, "%6d %9d %15.4f %11.4f%n", number, seed, accuracy, loss));
            each.addObject()
                    .put("folder", run.path().toString())
                    .put("seed", seed)
                    .put("testAccuracy", accuracy)
                    .put("testLoss", loss)
                    .put("weightsSha256", result.path("weightsSha256").asText());
        }
        Ensemble ensemble = new Ensemble(models, Combination.PROBABILITIES);
        Dataset test = plan.images().test();
        try (LoadedEnsemble together = new LoadedEnsemble(backend, ensemble, versions)) {
            Evaluation evaluation = together.evaluate(test);
            text.append(
                    String.format(Locale.ROOT, "together %23.4f %11.4f%n", evaluation.accuracy(), evaluation.loss()));
            json.put("testAccuracy", evaluation.accuracy()).put("testLoss", evaluation.loss());
            if (plan.images().validation() != null) {
                Evaluation validation = together.evaluate(plan.images().validation());
                json.put("validationAccuracy", validation.accuracy()).put("validationLoss", validation.loss());
            }
        }
        AtomicFile.write(folder.resolve(RESULT), json.toPrettyString() + "\n");
        session.result(text + "Written to " + folder, json);
    }
}
