package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.ModelOption;
import bpnn.app.option.UsageException;
import bpnn.app.option.VersionOptions;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.Framing;
import bpnn.io.image.InputPicture;
import bpnn.io.model.Classifier;
import bpnn.io.model.Ensemble;
import bpnn.io.model.LoadedEnsemble;
import bpnn.io.model.Model;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what pictures, or images of the test set, show. */
@Command(
        name = "predict",
        sortOptions = false,
        description = "Tells what pictures, or images of the test set, show, with the probability of each class.")
public final class PredictCommand implements Callable<Integer> {
    /** Of more classes than this, the likeliest are shown. */
    private static final int MOST_SHOWN = 12;

    private static final int LIKELIEST = 5;

    private final Session session;

    @Parameters(
            paramLabel = "PICTURE",
            arity = "0..*",
            description = "PNG, JPEG or other files of any size; a digit may be light on dark or dark on light.")
    private List<Path> pictures = new ArrayList<>();

    @Option(
            names = "--index",
            paramLabel = "N",
            split = ",",
            description = "Also, or instead, image N of the test set, counted from 0.")
    private List<Integer> indices = new ArrayList<>();

    @Option(
            names = "--invert",
            paramLabel = "auto|yes|no",
            defaultValue = "auto",
            description =
                    "Whether pictures are dark on light; auto: if the darkest is farther from the border's brightness than the"
                            + " lightest (default: ${DEFAULT-VALUE}).")
    private InputPicture.Inversion inversion = InputPicture.Inversion.AUTO;

    @Mixin
    private final ModelOption modelOption = new ModelOption();

    @Mixin
    private final VersionOptions versions = new VersionOptions();

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    /** An image to be read, and what is known of it. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of pixels; identity is the right equality
    private record Sample(
            String name,
            byte[] pixels,
            boolean inverted,
            @Nullable Integer label) {}

    public PredictCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (pictures.isEmpty() && indices.isEmpty()) {
            throw new UsageException(
                    "There is nothing to read; name a picture, or an image of the test set by --index.");
        }
        LoadedEnsemble.Versions versions = this.versions.versions();
        Ensemble ensemble = modelOption.read(session);
        Model model = ensemble.first();
        List<Sample> samples = samples(model);
        try (Backend backend = backends.open(session);
                Classifier loaded = LoadedEnsemble.of(backend, ensemble, versions)) {
            float[][] probabilities = loaded.probabilities(dataset(samples, model));
            StringBuilder text = new StringBuilder();
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("backend", backend.id());
            ArrayNode predictions = json.putArray("predictions");
            List<String> names = model.format().classNames();
            for (int i = 0; i < samples.size(); i++) {
                describe(samples.get(i), probabilities[i], names, text);
                describe(samples.get(i), probabilities[i], names, predictions.addObject());
            }
            session.result(text.toString().stripTrailing(), json);
        }
        return ExitCode.DONE;
    }

    private List<Sample> samples(Model model) {
        List<Sample> samples = new ArrayList<>();
        for (Path file : pictures) {
            Desktop.require("Reading a picture");
            InputPicture.checkFits(model.spec().inputs(), model.format());
            InputPicture picture = InputPicture.read(file, model.format(), inversion);
            picture.remarks().forEach(remark -> session.warning(file + " " + remark + "."));
            if (session.common().verbose()) {
                session.notice(file + " was taken as " + words(picture, model) + ".");
            }
            samples.add(new Sample(file.toString(), picture.pixels(), picture.inverted(), null));
        }
        if (!indices.isEmpty()) {
            Dataset test = data.load(session, model.format().shape()).test();
            model.checkFits(test);
            for (int index : indices) {
                if (index < 0 || index >= test.size()) {
                    throw new UsageException("--index is " + index + ", but the test images of " + test.name()
                            + " are counted from 0 to " + (test.size() - 1) + ".");
                }
                byte[] pixels = test.slice(index, index + 1).pixels();
                samples.add(new Sample("test image " + index + " of " + test.name(), pixels, false, test.label(index)));
            }
        }
        return samples;
    }

    /** How a picture was understood. */
    private String words(InputPicture picture, Model model) {
        if (model.format().framing() == Framing.WHOLE) {
            return "a whole picture" + (picture.inverted() ? ", inverted as --invert says" : ", as it is");
        }
        return (picture.inverted() ? "dark on light" : "light on dark")
                + (inversion == InputPicture.Inversion.AUTO
                        ? ", by what is farther from the border's brightness; --invert decides otherwise"
                        : ", as --invert says");
    }

    /** All samples as one data set; their labels, which may be unknown, play no part. */
    private static Dataset dataset(List<Sample> samples, Model model) {
        int features = model.spec().inputs();
        byte[] pixels = new byte[samples.size() * features];
        for (int i = 0; i < samples.size(); i++) {
            if (samples.get(i).pixels().length != features) {
                throw new DataException("The model takes images of "
                        + model.format().shape() + " pixels, but "
                        + samples.get(i).name() + " has "
                        + samples.get(i).pixels().length + " values.");
            }
            System.arraycopy(samples.get(i).pixels(), 0, pixels, i * features, features);
        }
        return new Dataset("the samples", model.format(), pixels, new int[samples.size()]);
    }

    private static int best(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }

    private static void describe(Sample sample, float[] probabilities, List<String> names, StringBuilder text) {
        int best = best(probabilities);
        text.append(String.format(
                Locale.ROOT, "%s: %s (probability %.4f)", sample.name(), names.get(best), probabilities[best]));
        if (sample.label() != null) {
            text.append(sample.label() == best ? ", right" : ", wrong: it is " + names.get(sample.label()));
        }
        if (sample.inverted()) {
            text.append(", inverted because it is dark on light");
        }
        text.append('\n');
        List<Integer> shown = shown(probabilities);
        int wide = shown.stream().mapToInt(i -> names.get(i).length()).max().orElse(1);
        for (int i : shown) {
            int bar = Math.round(probabilities[i] * 40);
            String name = names.get(i) + " ".repeat(wide - names.get(i).length());
            text.append(String.format(Locale.ROOT, "  %s  %.4f  %s", name, probabilities[i], "#".repeat(bar))
                            .stripTrailing())
                    .append('\n');
        }
    }

    /** All classes in their order, or the likeliest of many. */
    private static List<Integer> shown(float[] probabilities) {
        List<Integer> all = IntStream.range(0, probabilities.length).boxed().toList();
        return probabilities.length <= MOST_SHOWN
                ? all
                : all.stream()
                        .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
                        .limit(LIKELIEST)
                        .toList();
    }

    private static void describe(Sample sample, float[] probabilities, List<String> names, ObjectNode json) {
        int best = best(probabilities);
        json.put("image", sample.name());
        json.put("digit", best);
        json.put("class", names.get(best));
        ArrayNode all = json.putArray("probabilities");
        for (float probability : probabilities) {
            all.add(probability);
        }
        json.put("inverted", sample.inverted());
        if (sample.label() != null) {
            json.put("label", sample.label());
        }
    }
}
