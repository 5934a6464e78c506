package bpnn.lab.comparison;

import bpnn.io.file.Word;
import bpnn.lab.statistics.Interval;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Comparisons with one reference as JSON. */
public final class ComparisonJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ComparisonJson() {}

    /**
     * All of it.
     *
     * @param details whether losses, differences and distances of every step are wanted too
     */
    public static ObjectNode of(ComparedRun reference, List<Comparison> comparisons, boolean details) {
        ObjectNode json = JSON.objectNode();
        json.put("agree", comparisons.stream().allMatch(Comparison::isGood));
        json.set("reference", run(reference, details));
        ArrayNode others = json.putArray("others");
        for (Comparison comparison : comparisons) {
            others.add(pair(comparison, details));
        }
        return json;
    }

    private static ObjectNode run(ComparedRun run, boolean details) {
        ObjectNode node = JSON.objectNode();
        node.put("name", run.name());
        node.put("backend", run.backend().id());
        node.put("device", run.backend().device());
        node.put("numerics", run.backend().numerics());
        node.put("weightsSha256", run.weightsSha256());
        node.put("firstLoss", run.losses().get(1L));
        node.put("testLoss", run.testLoss());
        Interval accuracy = run.test().interval();
        node.put("testAccuracy", accuracy.mean());
        node.put("testAccuracyLow", accuracy.low());
        node.put("testAccuracyHigh", accuracy.high());
        node.put("secondsPerStep", run.secondsPerStep());
        StepTimes times = run.times();
        if (times != null) {
            ObjectNode measured = node.putObject("measured").put("step", times.step());
            for (StepPhase phase : StepPhase.values()) {
                measured.put(Word.of(phase), times.of(phase));
            }
            measured.put("steps", times.measured());
        }
        if (details) {
            ObjectNode losses = node.putObject("losses");
            run.losses().forEach((step, loss) -> losses.put(step.toString(), loss));
        }
        return node;
    }

    private static ObjectNode pair(Comparison comparison, boolean details) {
        ObjectNode node = run(comparison.other(), details);
        LossDivergence divergence = comparison.divergence();
        node.put("verdict", Word.of(comparison.verdict()));
        node.put("reason", comparison.reason());
        comparison.settings().forEach(node.putArray("otherSettings")::add);
        comparison.surroundings().forEach(node.putArray("otherSurroundings")::add);
        if (comparison.parting() != null) {
            node.putObject("traces")
                    .put("lastEqualStep", comparison.parting().lastEqual())
                    .put("firstOtherStep", comparison.parting().firstOther());
        }
        node.put(
                "sameHash",
                comparison.reference().weightsSha256().equals(comparison.other().weightsSha256()));
        node.put("firstLossDifference", divergence.first());
        node.put("firstOtherBits", divergence.firstOtherBits());
        node.put("partThreshold", divergence.threshold());
        node.put("partedAtStep", divergence.divergedAt());
        Map.Entry<Long, Double> largest = divergence.largest();
        node.put("largestLossDifference", largest == null ? null : largest.getValue());
        node.put(
                "accuraciesAgree",
                comparison.reference().test().agreesWith(comparison.other().test()));
        node.put("readDifferently", comparison.readDifferently());
        ObjectNode distances = node.putObject("weightDistances");
        comparison
                .distances()
                .forEach((step, distance) -> distances
                        .putObject(step.toString())
                        .put("relative", distance.relative())
                        .put("largest", distance.largest()));
        if (details) {
            ObjectNode differences = node.putObject("lossDifferences");
            divergence.differences().forEach((step, difference) -> differences.put(step.toString(), difference));
        }
        return node;
    }
}
