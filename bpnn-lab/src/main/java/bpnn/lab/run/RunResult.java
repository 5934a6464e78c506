package bpnn.lab.run;

import bpnn.io.file.Word;
import bpnn.io.model.Model;
import bpnn.nn.DivergedException;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.TrainingResult;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * The final figures of a run.
 *
 * @param text for people
 * @param json for programs
 */
public record RunResult(String text, ObjectNode json) {

    /** The figures of a run that was carried out or interrupted. */
    public static RunResult of(TrainingResult result, Evaluation test, Model model, Backend backend) {
        List<EpochResult> epochs = result.epochs();
        EpochResult last = epochs.isEmpty() ? null : epochs.get(result.keptEpoch() - 1);
        Evaluation validation = last == null ? null : last.validation();
        String sha256 = model.sha256();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("backend", backend.id());
        json.put("device", backend.device());
        json.put("numerics", Word.of(backend.numerics()));
        json.put("epochs", epochs.size());
        json.put("keptEpoch", result.keptEpoch());
        json.put("steps", result.steps());
        JsonNumbers.put(json, "trainSeconds", result.seconds());
        JsonNumbers.put(json, "imagesPerSecond", result.imagesPerSecond());
        JsonNumbers.put(json, "trainLoss", last == null ? Double.NaN : last.trainLoss());
        JsonNumbers.put(json, "validationLoss", validation == null ? Double.NaN : validation.loss());
        JsonNumbers.put(json, "validationAccuracy", validation == null ? Double.NaN : validation.accuracy());
        JsonNumbers.put(json, "testLoss", test.loss());
        JsonNumbers.put(json, "testAccuracy", test.accuracy());
        json.put("weightsSha256", sha256);
        String text = String.format(
                Locale.ROOT,
                "Test accuracy %.4f, test loss %.4f, after %d steps in %.1f s%nWeights sha256 %s",
                test.accuracy(),
                test.loss(),
                result.steps(),
                result.seconds(),
                sha256);
        return new RunResult(text, json);
    }

    /** The figures of a run whose loss left the finite numbers. */
    public static ObjectNode diverged(DivergedException diverged, Model lastGood) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", diverged.getMessage() + ".")
                .put("divergedInEpoch", diverged.epoch())
                .put("divergedAtStep", diverged.step())
                .put("weightsSha256", lastGood.sha256());
    }
}
