package bpnn.app.run;

import bpnn.app.Version;
import bpnn.app.file.AtomicFile;
import bpnn.app.option.NetworkOptions.DropoutMask;
import bpnn.app.option.WordConverter;
import bpnn.nn.NetworkSpec;
import bpnn.nn.TrainingConfig;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** {@code run.json}: what is needed to repeat a run and to compare it. Written when the run begins and when it ends. */
public final class RunRecord {
    private final RunFolder folder;
    private final ObjectNode root = JsonNodeFactory.instance.objectNode();

    /** Begins the record. */
    public RunRecord(RunFolder folder, RunPlan plan, Backend backend) {
        this.folder = folder;
        root.put("status", "running");
        root.put("started", Instant.now().toString());
        root.putNull("finished");
        root.set("configuration", configuration(plan));
        ObjectNode device = root.putObject("backend");
        device.put("id", backend.id());
        device.put("device", backend.device());
        device.put("numerics", WordConverter.word(backend.numerics()));
        ObjectNode facts = device.putObject("facts");
        backend.facts().forEach(facts::put);
        root.set("data", data(plan.images()));
        root.set("versions", versions());
    }

    private static ObjectNode configuration(RunPlan plan) {
        NetworkSpec network = plan.network();
        TrainingConfig training = plan.training();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        network.hidden().forEach(node.putArray("hidden")::add);
        node.put("activation", WordConverter.word(network.activation()));
        node.put("dropout", network.dropout());
        node.put(
                "dropoutMask",
                WordConverter.word(network.dropoutPerBatch() ? DropoutMask.PER_BATCH : DropoutMask.PER_EXAMPLE));
        node.put("batchNorm", network.batchNorm());
        node.put("normalize", plan.normalisation());
        node.put(
                "init",
                plan.start() instanceof RunPlan.Start.Drawn drawn
                        ? WordConverter.word(drawn.initialiser())
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
        return node;
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

    private static ObjectNode versions() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("bpnn", Version.number());
        node.put("commit", Version.commit());
        node.put("java", Runtime.version().toString());
        node.put("jvm", System.getProperty("java.vm.name"));
        node.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        return node;
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
