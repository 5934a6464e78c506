package bpnn.lab.experiment;

import bpnn.io.file.Word;
import bpnn.lab.run.RunPlan;
import bpnn.lab.work.Computer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that decides the figures of experiments.
 *
 * @param experiments which, in the order of the report
 * @param settings what all runs have in common
 * @param images what to learn from and to be judged by
 */
public record ExperimentPlan(List<Experiment> experiments, Settings settings, RunPlan.Images images) {
    /** Raised when runs record something else, so that older ones are not taken for new ones. */
    private static final int RECORDING = 2;

    public ExperimentPlan {
        experiments = List.copyOf(experiments);
        Map<String, Arm> named = new HashMap<>();
        for (Experiment experiment : experiments) {
            for (Contender contender : experiment.contenders()) {
                Arm arm = contender.arm();
                if (!arm.equals(named.computeIfAbsent(arm.id(), id -> arm))) {
                    throw new IllegalArgumentException("Two arms are called \"" + arm.id() + "\", but they differ");
                }
            }
        }
    }

    /** The arms that are trained, each once. */
    public Set<Arm> arms() {
        Set<Arm> arms = new LinkedHashSet<>();
        for (Experiment experiment : experiments) {
            experiment.contenders().forEach(contender -> arms.add(contender.arm()));
        }
        return arms;
    }

    /** The seeds, in order. */
    public List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < settings.seeds(); i++) {
            seeds.add(settings.firstSeed() + i);
        }
        return seeds;
    }

    /** All work, seed after seed with the arms interleaved: what changes on the machine meanwhile hits all arms. */
    public List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (long seed : seeds()) {
            arms().forEach(arm -> tasks.add(new Task(arm, seed, Task.Kind.TRAINING)));
            for (Experiment experiment : experiments) {
                if (experiment.sweepsRates()) {
                    experiment
                            .contenders()
                            .forEach(contender -> tasks.add(new Task(contender.arm(), seed, Task.Kind.RATES)));
                }
            }
        }
        return tasks;
    }

    /** Training steps of a task. */
    long steps(Task task) {
        long steps = (long) settings.stepsPerEpoch(task.arm(), images.train().size()) * settings.epochs();
        return task.kind() == Task.Kind.RATES
                ? Settings.sweepRates().length * Math.min(steps, Settings.SWEEP_STEPS)
                : steps;
    }

    /** The full configuration. Equal configurations give equal figures, times apart. */
    public ObjectNode configuration(Computer computer) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("recording", RECORDING);
        ArrayNode names = node.putArray("experiments");
        experiments.forEach(experiment -> names.add(experiment.id()));
        node.put("preset", Word.of(settings.preset()));
        node.put("seeds", settings.seeds());
        node.put("firstSeed", settings.firstSeed());
        node.put("epochs", settings.epochs());
        node.put("batchSize", settings.batchSize());
        settings.hidden().forEach(node.putArray("hidden")::add);
        node.put("activation", "tanh");
        node.put("init", "xavier");
        ObjectNode arms = node.putObject("arms");
        arms().forEach(arm -> arms.set(arm.id(), arm(arm)));
        node.set("data", data());
        node.put("backend", computer.backend());
        node.put("numerics", computer.numerics());
        return node;
    }

    private ObjectNode arm(Arm arm) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("normalize", Word.of(arm.normalisation()));
        node.put("dropout", arm.dropout());
        node.put("batchNorm", arm.batchNorm());
        node.put("optimizer", Word.of(arm.optimizer()));
        node.put("learningRate", settings.learningRate(arm));
        if (!arm.distortion().isNone()) {
            node.put("augmentation", arm.distortion().toString());
        }
        return node;
    }

    private ObjectNode data() {
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
}
