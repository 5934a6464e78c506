package bpnn.app.command;

import bpnn.app.option.KeptWeights;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.lab.run.PlanException;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.lab.work.Computer;
import bpnn.lab.work.WorkHandler;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkOutcome;
import bpnn.nn.DivergedException;
import bpnn.spi.Backend;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/** Carries out runs that are described by options of {@code train}, each as an ordinary run in a folder of its own. */
final class SweepHandler implements WorkHandler {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, String>> OPTIONS = new TypeReference<>() {};

    private final Session session;
    private final Backend backend;
    private final ImageSource images;
    private final KeptWeights keep;
    private volatile boolean stopRequested;
    private volatile @Nullable TrainingRun running;

    /** @param backend closed with this */
    SweepHandler(Session session, Backend backend, ImageSource images, KeptWeights keep) {
        this.session = session.silent();
        this.backend = backend;
        this.images = images;
        this.keep = keep;
    }

    /** A run as text. */
    static String content(Map<String, String> options) {
        return JSON.valueToTree(options).toString();
    }

    @Override
    public Optional<WorkOutcome> carryOut(WorkItem item, Path folder) {
        Computer computer = Computer.of(backend);
        RunFolder own = RunFolder.at(folder);
        try {
            Map<String, String> options = JSON.readValue(item.content(), OPTIONS);
            TrainCommand command = RecordedOptions.parse(session, options);
            RunPlan plan = command.plan(images.images(ImageSource.key(options), command::images));
            if (plan.images().validation() == null) {
                throw new UsageException(
                        "--validation is 0, but a sweep chooses by the validation images; there must be some.");
            }
            options.put("out", own.path().toString());
            if (!train(plan, own, options)) {
                return Optional.empty();
            }
        } catch (DivergedException diverged) {
            // The record says so.
        } catch (PlanException | UsageException | ParameterException e) {
            return Optional.of(WorkOutcome.failed(String.valueOf(e.getMessage()), computer));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not the description of a run: " + item.content(), e);
        }
        if (keep == KeptWeights.NONE) {
            removeWeights(own);
        }
        String hash = own.readRecord()
                .map(record -> record.at("/result/weightsSha256").asText())
                .orElseThrow(() -> new IllegalStateException(own.record() + " has no result"));
        return Optional.of(WorkOutcome.done(hash, computer));
    }

    private boolean train(RunPlan plan, RunFolder run, Map<String, String> options) {
        try (TrainingRun training = new TrainingRun(backend, plan)) {
            running = training;
            if (stopRequested) {
                return false;
            }
            TrainingJob job = new TrainingJob(session, training, plan, run, backend, options, null);
            job.resume(run.readCheckpoint());
            return job.execute() == ExitCode.DONE;
        } finally {
            running = null;
        }
    }

    /** Removes what takes most of a run's room. */
    static void removeWeights(RunFolder run) {
        remove(run.model());
        remove(run.checkpoint());
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new DataException(file + " could not be removed: " + AtomicFile.reason(e) + ".", e);
        }
    }

    @Override
    public void requestStop() {
        stopRequested = true;
        TrainingRun training = running;
        if (training != null) {
            training.requestStop();
        }
    }

    @Override
    public void close() {
        backend.close();
    }
}
