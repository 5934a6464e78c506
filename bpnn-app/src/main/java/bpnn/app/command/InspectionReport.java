package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.images.Inspection;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.Word;
import bpnn.io.image.ContactSheet;
import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.mnist.DataSplit;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an inspection of a data set found, for people and for programs. */
final class InspectionReport {
    private static final int LISTED = 20;
    private static final int NAMED = 5;
    private static final int MOST_ROWS = 60;
    private static final int SHEET_IMAGES = 200;
    private static final int SHEET_COLUMNS = 20;

    /** A label is suspect if the network gives it less, and another class more, than these. */
    private static final float UNLIKELY = 0.01f;

    private static final float CERTAIN = 0.95f;

    private final DataSplit data;
    private final Inspection inspection;
    private @Nullable List<Suspect> suspects;
    private int suspected;

    /** An image that a network takes for another class. */
    private record Suspect(String part, int image, String label, String read, float probability) {}

    InspectionReport(DataSplit data, Inspection inspection) {
        this.data = data;
        this.inspection = inspection;
    }

    private Dataset part(String name) {
        Dataset validation = data.validation();
        return name.equals("train")
                ? data.train()
                : name.equals("test") || validation == null ? data.test() : validation;
    }

    /** Looks for labels that a trained network contradicts. */
    void suspect(Model model, BackendOptions backends, Session session) {
        List<Suspect> found = new ArrayList<>();
        try (Backend backend = backends.open(session);
                LoadedModel loaded = new LoadedModel(backend, model)) {
            for (Inspection.PartFacts facts : inspection.parts()) {
                Dataset part = part(facts.name());
                float[][] probabilities = loaded.probabilities(part);
                for (int image = 0; image < part.size(); image++) {
                    add(facts.name(), part, image, probabilities[image], found);
                }
            }
        }
        suspected = found.size();
        found.sort(Comparator.comparingDouble((Suspect suspect) -> -suspect.probability)
                .thenComparing(Suspect::part)
                .thenComparingInt(Suspect::image));
        suspects = found.subList(0, Math.min(LISTED, found.size()));
    }

    private static void add(String name, Dataset part, int image, float[] probabilities, List<Suspect> found) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        int label = part.label(image);
        if (best != label && probabilities[best] >= CERTAIN && probabilities[label] <= UNLIKELY) {
            found.add(new Suspect(
                    name, image, part.classNames().get(label), part.classNames().get(best), probabilities[best]));
        }
    }

    /** Writes a picture for each class. */
    void drawSheets(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException(folder + " could not be created: " + AtomicFile.reason(e) + ".", e);
        }
        Dataset train = data.train();
        for (int of = 0; of < train.classes(); of++) {
            String name = train.classNames().get(of).replaceAll("[^A-Za-z0-9._-]", "-");
            Path file = folder.resolve(String.format(Locale.ROOT, "%03d-%s.png", of, name));
            ContactSheet.writeClass(train, of, SHEET_IMAGES, SHEET_COLUMNS, file);
        }
    }

    String text() {
        ImageFormat format = data.train().format();
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s: %s pixels%s, %d classes; pixels of the training images have mean %.1f and spread %.1f%n",
                data.train().name(),
                format.shape(),
                format.shape().channels() > 1 ? " in colour" : "",
                format.classes(),
                inspection.mean(),
                inspection.deviation()));
        text.append(framing(format)).append('\n');
        classes(format, text);
        for (Inspection.PartFacts part : inspection.parts()) {
            findings(part, text);
        }
        if (suspects != null) {
            text.append(
                            suspected == 0
                                    ? "No label is suspect to the model."
                                    : suspected + " labels are suspect to the model:")
                    .append('\n');
            for (Suspect suspect : suspects) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %s image %d is labelled %s, and read as %s (%.4f)%n",
                        suspect.part,
                        suspect.image,
                        suspect.label,
                        suspect.read,
                        suspect.probability));
            }
        }
        return text.toString().stripTrailing();
    }

    private static String framing(ImageFormat format) {
        return switch (format.framing()) {
            case CENTRE_OF_MASS ->
                "The images are centred by their mass, as MNIST's; other pictures are brought to that form.";
            case BOUNDING_BOX ->
                "The images are centred by their boxes, as EMNIST's; other pictures are brought to that form.";
            case WHOLE -> "The images are taken as whole pictures.";
        };
    }

    private void classes(ImageFormat format, StringBuilder text) {
        int wide = Math.min(
                24, format.classNames().stream().mapToInt(String::length).max().orElse(5));
        wide = Math.max(5, wide);
        text.append(String.format(Locale.ROOT, "%-" + wide + "s", "class"));
        inspection.parts().forEach(part -> text.append(String.format(Locale.ROOT, " %10s", part.name())));
        text.append('\n');
        for (int of = 0; of < Math.min(MOST_ROWS, format.classes()); of++) {
            String name = format.classNames().get(of);
            text.append(String.format(
                    Locale.ROOT, "%-" + wide + "s", name.length() <= wide ? name : name.substring(0, wide - 1) + "…"));
            for (Inspection.PartFacts part : inspection.parts()) {
                text.append(String.format(Locale.ROOT, " %10d", part.counts()[of]));
            }
            text.append('\n');
        }
        if (format.classes() > MOST_ROWS) {
            text.append("and ").append(format.classes() - MOST_ROWS).append(" classes more; --json lists them all\n");
        }
        text.append(String.format(Locale.ROOT, "%-" + wide + "s", "all"));
        inspection.parts().forEach(part -> text.append(String.format(Locale.ROOT, " %10d", part.size())));
        text.append('\n');
    }

    private static void findings(Inspection.PartFacts part, StringBuilder text) {
        if (!part.constant().isEmpty()) {
            text.append(part.constant().size())
                    .append(" images of ")
                    .append(part.name())
                    .append(" show nothing, all their pixels are equal: ")
                    .append(places(part.constant()))
                    .append('\n');
        }
        if (part.repeated() > 0) {
            text.append(part.repeated())
                    .append(" images of ")
                    .append(part.name())
                    .append(" are the same as one before them\n");
        }
        if (!part.shared().images().isEmpty()) {
            text.append(part.shared().images().size())
                    .append(" images of ")
                    .append(part.name())
                    .append(" are among the training images, ")
                    .append(part.shared().contradicting())
                    .append(" of them with another class: ")
                    .append(places(part.shared().images()))
                    .append('\n');
        }
    }

    private static String places(List<Integer> images) {
        String named = images.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "));
        return images.size() > NAMED ? named + " and " + (images.size() - NAMED) + " more" : named;
    }

    ObjectNode json() {
        ImageFormat format = data.train().format();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", data.train().name()).put("shape", format.shape().toString());
        json.put("framing", Word.of(format.framing()));
        format.classNames().forEach(json.putArray("classes")::add);
        json.put("mean", inspection.mean()).put("deviation", inspection.deviation());
        json.put("trainSha256", data.trainSha256()).put("testSha256", data.testSha256());
        ObjectNode parts = json.putObject("parts");
        for (Inspection.PartFacts part : inspection.parts()) {
            ObjectNode node = parts.putObject(part.name()).put("images", part.size());
            ArrayNode counts = node.putArray("counts");
            for (int count : part.counts()) {
                counts.add(count);
            }
            part.constant().forEach(node.putArray("constant")::add);
            node.put("repeated", part.repeated());
            part.shared().images().forEach(node.putArray("alsoInTraining")::add);
            node.put("contradicting", part.shared().contradicting());
        }
        if (suspects != null) {
            json.put("suspected", suspected);
            ArrayNode list = json.putArray("suspects");
            for (Suspect suspect : suspects) {
                list.addObject()
                        .put("part", suspect.part)
                        .put("image", suspect.image)
                        .put("label", suspect.label)
                        .put("read", suspect.read)
                        .put("probability", suspect.probability);
            }
        }
        return json;
    }
}
