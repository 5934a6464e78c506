package bpnn.lab.run;

import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The history of a training as JSON, without loss of a bit. */
final class EpochFigures {
    private static final String VALIDATION_LOSS = "validationLoss";
    private static final String VALIDATION_ACCURACY = "validationAccuracy";

    private EpochFigures() {}

    static ArrayNode toJson(List<EpochResult> epochs) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (EpochResult epoch : epochs) {
            ObjectNode node = array.addObject();
            node.put("epoch", epoch.epoch());
            node.put("steps", epoch.steps());
            node.put("images", epoch.images());
            node.put("seconds", epoch.seconds());
            node.put("trainLoss", epoch.trainLoss());
            Evaluation validation = epoch.validation();
            if (validation != null) {
                JsonNumbers.put(node, VALIDATION_LOSS, validation.loss());
                node.put(VALIDATION_ACCURACY, validation.accuracy());
            }
        }
        return array;
    }

    /** @throws IllegalArgumentException if it is something else */
    static List<EpochResult> fromJson(JsonNode array) {
        List<EpochResult> epochs = new ArrayList<>();
        for (JsonNode node : array) {
            epochs.add(new EpochResult(
                    (int) number(node, "epoch"),
                    (int) number(node, "steps"),
                    number(node, "trainLoss"),
                    validation(node),
                    number(node, "seconds"),
                    (long) number(node, "images")));
        }
        return epochs;
    }

    private static @Nullable Evaluation validation(JsonNode node) {
        if (!node.has(VALIDATION_LOSS)) {
            return null;
        }
        double loss = node.get(VALIDATION_LOSS).isNull() ? Double.NaN : number(node, VALIDATION_LOSS);
        return new Evaluation(loss, number(node, VALIDATION_ACCURACY), new int[0], new float[0]);
    }

    private static double number(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isNumber()) {
            throw new IllegalArgumentException("its history has no number \"" + name + "\" for an epoch");
        }
        return value.doubleValue();
    }
}
