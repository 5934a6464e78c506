package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.ModelOption;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.VersionOptions;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.chart.ReliabilityDiagram;
import bpnn.data.Dataset;
import bpnn.io.file.Word;
import bpnn.io.model.Classifier;
import bpnn.io.model.Ensemble;
import bpnn.io.model.LoadedEnsemble;
import bpnn.lab.statistics.Calibration;
import bpnn.nn.Evaluation;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates a trained network on the test images of a data set. */
@Command(
        name = "eval",
        sortOptions = false,
        description =
                "Evaluates a trained network, or several together, on the test images: loss, accuracy, which class is read as which.")
public final class EvalCommand implements Callable<Integer> {
    private static final int BAR = 40;

    private final Session session;

    @Mixin
    private final ModelOption modelOption = new ModelOption();

    @Option(
            names = "--reliability",
            paramLabel = "FILE.png",
            description = "Draw how often the network is right over how certain it is.")
    private @Nullable Path reliability;

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
        if (reliability != null) {
            Desktop.require("The diagram");
            OutputCheck.file(reliability);
        }
        LoadedEnsemble.Versions versions = this.versions.versions();
        Ensemble ensemble = modelOption.read(session);
        try (Backend backend = backends.open(session);
                Classifier loaded = LoadedEnsemble.of(backend, ensemble, versions)) {
            Dataset test = data.load(session, ensemble.first().format().shape()).test();
            Evaluation evaluation = loaded.evaluate(test);
            Calibration calibration = Calibration.of(test, loaded.probabilities(test));
            if (reliability != null) {
                draw(calibration, reliability);
            }
            Confusion confusion = Confusion.of(test, evaluation.predictions());
            session.result(
                    text(test, evaluation, calibration, confusion),
                    json(ensemble, backend, test, evaluation, calibration, confusion));
        }
        return ExitCode.DONE;
    }

    private static void draw(Calibration calibration, Path file) {
        List<Calibration.Bin> bins =
                calibration.bins().stream().filter(bin -> bin.images() > 0).toList();
        ReliabilityDiagram.write(
                file,
                bins.stream().mapToDouble(Calibration.Bin::confidence).toArray(),
                bins.stream().mapToDouble(Calibration.Bin::accuracy).toArray(),
                calibration.expectedError());
    }

    private static String text(Dataset test, Evaluation evaluation, Calibration calibration, Confusion confusion) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "Accuracy %.4f, loss %.4f on the %d test images of %s%n%s",
                evaluation.accuracy(),
                evaluation.loss(),
                test.size(),
                test.name(),
                confusion.text()));
        text.append(String.format(
                Locale.ROOT,
                "%n%ncertainty     images  mean certainty  right  (calibration error %.4f)",
                calibration.expectedError()));
        for (Calibration.Bin bin : calibration.bins()) {
            if (bin.images() > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        "%n%.2f to %.2f %8d %15.3f %6.3f  %s",
                        bin.from(),
                        bin.to(),
                        bin.images(),
                        bin.confidence(),
                        bin.accuracy(),
                        "#".repeat((int) Math.round(bin.accuracy() * BAR))));
            }
        }
        return text.toString();
    }

    private ObjectNode json(
            Ensemble ensemble,
            Backend backend,
            Dataset test,
            Evaluation evaluation,
            Calibration calibration,
            Confusion confusion) {
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
        json.put("calibrationError", calibration.expectedError());
        ArrayNode bins = json.putArray("reliability");
        for (Calibration.Bin bin : calibration.bins()) {
            if (bin.images() > 0) {
                bins.addObject()
                        .put("from", bin.from())
                        .put("to", bin.to())
                        .put("images", bin.images())
                        .put("confidence", bin.confidence())
                        .put("accuracy", bin.accuracy());
            }
        }
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
