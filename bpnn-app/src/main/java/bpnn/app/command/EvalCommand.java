package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.ModelOption;
import bpnn.app.option.VersionOptions;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.data.Dataset;
import bpnn.io.file.Word;
import bpnn.io.model.Classifier;
import bpnn.io.model.Ensemble;
import bpnn.io.model.LoadedEnsemble;
import bpnn.nn.Evaluation;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Evaluates a trained network on the test images of a data set. */
@Command(
        name = "eval",
        sortOptions = false,
        description =
                "Evaluates a trained network, or several together, on the test images: loss, accuracy, which class is read as which.")
public final class EvalCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final ModelOption modelOption = new ModelOption();

    @Mixin
    private final VersionOptions versions = new VersionOptions();

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    public EvalCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        LoadedEnsemble.Versions versions = this.versions.versions();
        Ensemble ensemble = modelOption.read(session);
        try (Backend backend = backends.open(session);
                Classifier loaded = LoadedEnsemble.of(backend, ensemble, versions)) {
            Dataset test = data.load(session, ensemble.first().format().shape()).test();
            Evaluation evaluation = loaded.evaluate(test);
            Confusion confusion = Confusion.of(test, evaluation.predictions());
            session.result(text(test, evaluation, confusion), json(ensemble, backend, test, evaluation, confusion));
        }
        return ExitCode.DONE;
    }

    private static String text(Dataset test, Evaluation evaluation, Confusion confusion) {
        return String.format(
                Locale.ROOT,
                "Accuracy %.4f, loss %.4f on the %d test images of %s%n%s",
                evaluation.accuracy(),
                evaluation.loss(),
                test.size(),
                test.name(),
                confusion.text());
    }

    private ObjectNode json(
            Ensemble ensemble, Backend backend, Dataset test, Evaluation evaluation, Confusion confusion) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        modelOption.describe(ensemble, json);
        json.put("backend", backend.id());
        json.put("device", backend.device());
        json.put("numerics", Word.of(backend.numerics()));
        json.put("dataset", test.name());
        json.put("images", test.size());
        test.classNames().forEach(json.putArray("classes")::add);
        json.put("loss", evaluation.loss());
        json.put("accuracy", evaluation.accuracy());
        ArrayNode rows = json.putArray("confusion");
        for (int[] counts : confusion.counts()) {
            ArrayNode row = rows.addArray();
            for (int read = 0; read < test.classes(); read++) {
                row.add(counts[read]);
            }
        }
        return json;
    }
}
