package bpnn.report;

import bpnn.chart.FigureJson;
import bpnn.lab.experiment.Arm;
import bpnn.lab.experiment.RateSweep;
import bpnn.lab.experiment.TrainedRun;
import bpnn.lab.run.Build;
import bpnn.lab.statistics.ConfusionMatrix;
import bpnn.lab.statistics.Interval;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code results.json}: the configuration, everything that is drawn and said, and every run. */
final class ResultsJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ResultsJson() {}

    static ObjectNode of(Report report) {
        ObjectNode root = JSON.objectNode();
        root.set("configuration", report.configuration());
        root.set("versions", versions(report));
        report.plan().images().test().classNames().forEach(root.putArray("classNames")::add);
        ArrayNode chapters = root.putArray("experiments");
        report.chapters().forEach(chapter -> chapters.add(chapter(chapter)));
        ArrayNode runs = root.putArray("runs");
        ArrayNode sweeps = root.putArray("rateSweeps");
        for (Arm arm : report.plan().arms()) {
            report.results().runs(arm).forEach(run -> runs.add(run(arm, run)));
            report.results().sweeps(arm).forEach(sweep -> sweeps.add(sweep(arm, sweep)));
        }
        return root;
    }

    private static ObjectNode versions(Report report) {
        return JSON.objectNode()
                .put("bpnn", Build.number())
                .put("commit", Build.commit())
                .put("java", Runtime.version().toString())
                .put("device", report.device());
    }

    private static ObjectNode chapter(Chapter chapter) {
        ObjectNode node = JSON.objectNode();
        node.put("experiment", chapter.experiment().id());
        node.put("verdict", chapter.verdict());
        node.put("evidence", chapter.evidence());
        ArrayNode findings = node.putArray("findings");
        for (Finding finding : chapter.findings()) {
            ObjectNode item = findings.addObject();
            item.put("claim", finding.claim());
            item.put("source", finding.source());
            item.put("seen", finding.seen());
            finding.details().forEach(item.putArray("details")::add);
            item.put("support", finding.support().words());
        }
        ArrayNode arms = node.putArray("arms");
        chapter.arms().forEach(arm -> arms.add(arm(arm)));
        ArrayNode figures = node.putArray("figures");
        chapter.figures().forEach(figure -> figures.add(FigureJson.of(figure)));
        return node;
    }

    private static ObjectNode arm(ArmSummary arm) {
        ObjectNode node = JSON.objectNode();
        node.put("label", arm.label());
        node.put("divergedRuns", arm.diverged());
        node.set("testError", interval(arm.error()));
        ConfusionMatrix confusion = arm.confusion();
        node.set("confusion", MAPPER.valueToTree(confusion.counts()));
        ArrayNode classes = node.putArray("classes");
        for (int of = 0; of < confusion.classes(); of++) {
            ObjectNode item = classes.addObject().put("class", of);
            item.set(
                    "precisionRecallF1",
                    FigureJson.numbers(new double[] {confusion.precision(of), confusion.recall(of), confusion.f1(of)}));
        }
        node.set("misreadMostConfidently", MAPPER.valueToTree(arm.gallery()));
        return node;
    }

    private static ArrayNode interval(Interval interval) {
        return FigureJson.numbers(new double[] {interval.mean(), interval.low(), interval.high()});
    }

    private static ObjectNode run(Arm arm, TrainedRun run) {
        ObjectNode node = JSON.objectNode();
        node.put("arm", arm.id()).put("seed", run.seed()).put("divergedInEpoch", run.divergedIn());
        node.set("epochs", MAPPER.valueToTree(run.epochs()));
        node.set("test", FigureJson.numbers(new double[] {run.testLoss(), run.testAccuracy()}));
        return node.put("weightsSha256", run.weightsSha256()).put("seconds", run.seconds());
    }

    private static ObjectNode sweep(Arm arm, RateSweep sweep) {
        ObjectNode node = JSON.objectNode();
        node.put("arm", arm.id()).put("seed", sweep.seed());
        node.set(
                "rates",
                FigureJson.numbers(sweep.points().stream()
                        .mapToDouble(RateSweep.Point::rate)
                        .toArray()));
        node.set(
                "losses",
                FigureJson.numbers(sweep.points().stream()
                        .mapToDouble(RateSweep.Point::loss)
                        .toArray()));
        return node.put("seconds", sweep.seconds());
    }
}
