package bpnn.app.command;

import bpnn.app.option.DataOptions;
import bpnn.app.option.SplitOptions;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.experiment.ExperimentPlan;
import bpnn.lab.experiment.ExperimentRunner;
import bpnn.lab.experiment.Settings;
import bpnn.lab.experiment.TaskHandler;
import bpnn.lab.run.RunPlan;
import bpnn.lab.work.WorkHandler;
import bpnn.lab.work.WorkHandlerProvider;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkOutcome;
import bpnn.lab.work.WorkSite;
import bpnn.report.Study;
import bpnn.report.study.Studies;
import bpnn.spi.Backend;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** Tasks of experiments, on the workers of a cluster. */
public final class ExperimentWorker implements WorkHandlerProvider {
    static final String ID = "experiment";
    static final String STUDIES = "studies";
    static final String SETTINGS = "settings";
    static final String OPTIONS = "options";
    /** The one set of images. */
    static final String DATA = "data";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** For {@link java.util.ServiceLoader}. */
    public ExperimentWorker() {}

    /** The options that say which images. */
    @picocli.CommandLine.Command
    private static final class ImageOptions {
        @Mixin
        private final DataOptions data = new DataOptions();

        @Mixin
        private final SplitOptions split = new SplitOptions();
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Function<OptionalInt, WorkHandler> prepare(String settings, WorkSite site) {
        ClusterWorker worker = new ClusterWorker(settings, site);
        RunPlan.Images images = worker.images().images(DATA, () -> load(worker));
        List<Experiment> experiments = new ArrayList<>();
        for (JsonNode name : worker.settings().path(STUDIES)) {
            experiments.add(Studies.named(name.asText()).map(Study::experiment).orElseThrow());
        }
        ExperimentPlan plan = new ExperimentPlan(experiments, settings(worker), images);
        return gpu -> new Handler(worker.openBackend(gpu), plan);
    }

    private static Settings settings(ClusterWorker worker) {
        try {
            return JSON.treeToValue(worker.settings().path(SETTINGS), Settings.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not the settings of an experiment", e);
        }
    }

    private static RunPlan.Images load(ClusterWorker worker) {
        Map<String, String> options = new TreeMap<>();
        worker.settings()
                .path(OPTIONS)
                .properties()
                .forEach(
                        option -> options.put(option.getKey(), option.getValue().asText()));
        ImageOptions parsed = new ImageOptions();
        ClusterWorker.parse(parsed, options);
        return parsed.split.divide(parsed.data.load(worker.session()), worker.session());
    }

    /** With a backend of its own. */
    static final class Handler implements WorkHandler {
        private final Backend backend;
        private final TaskHandler tasks;

        /** @param backend closed with this */
        Handler(Backend backend, ExperimentPlan plan) {
            this.backend = backend;
            this.tasks = new TaskHandler(backend, plan, ExperimentRunner.ProgressListener.SILENT);
        }

        @Override
        public Optional<WorkOutcome> carryOut(WorkItem item, Path folder) {
            return tasks.carryOut(item, folder);
        }

        @Override
        public void requestStop() {
            tasks.requestStop();
        }

        @Override
        public void close() {
            try (backend) {
                tasks.close();
            }
        }
    }
}
