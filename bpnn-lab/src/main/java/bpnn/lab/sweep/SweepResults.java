package bpnn.lab.sweep;

import bpnn.io.file.AtomicFile;
import bpnn.lab.run.JsonNumbers;
import bpnn.lab.statistics.Interval;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/** What the runs of a sweep have come to so far. */
public final class SweepResults {
    private final SweepPlan plan;
    private final Map<String, RunOutcome> outcomes = new HashMap<>();

    public SweepResults(SweepPlan plan) {
        this.plan = plan;
    }

    /** Takes an outcome in. */
    public synchronized void add(RunOutcome outcome) {
        outcomes.put(plan.run(outcome.trial(), outcome.seed(), outcome.rung()), outcome);
    }

    /** The outcome of a run, if it has one. */
    public synchronized Optional<RunOutcome> of(Trial trial, long seed, int rung) {
        return Optional.ofNullable(outcomes.get(plan.run(trial, seed, rung)));
    }

    /** The trials of the next rung, when all runs of this one have come to their ends. */
    public synchronized List<Trial> goingOn(List<Trial> trials, int rung) {
        List<TrialResult> sound = new ArrayList<>();
        trials.forEach(trial -> result(trial, rung).filter(TrialResult::isSound).ifPresent(sound::add));
        sound.sort(TrialResult.LOWEST_LOSS_FIRST);
        return sound.stream()
                .limit(plan.halving().goingOn(trials.size()))
                .map(TrialResult::trial)
                .sorted(Comparator.comparingInt(Trial::number))
                .toList();
    }

    /** A trial on a rung; empty unless all of its runs have come to their ends there. */
    private Optional<TrialResult> result(Trial trial, int rung) {
        List<RunOutcome> runs = new ArrayList<>();
        plan.seeds().forEach(seed -> of(trial, seed, rung).ifPresent(runs::add));
        return runs.size() == plan.seeds().size() ? Optional.of(new TrialResult(trial, rung, runs)) : Optional.empty();
    }

    /** Runs that have come to an end. */
    public synchronized int size() {
        return outcomes.size();
    }

    /** The trials all of whose runs on a rung have come to an end, as they are on their last such rung, the best first. */
    public synchronized List<TrialResult> ranking() {
        List<TrialResult> results = new ArrayList<>();
        for (Trial trial : plan.trials()) {
            TrialResult last = null;
            for (int rung = 0; rung < plan.halving().rungs(); rung++) {
                last = result(trial, rung).orElse(last);
            }
            if (last != null) {
                results.add(last);
            }
        }
        results.sort(TrialResult.BEST_FIRST);
        return results;
    }

    /** The best trials as a table for people. */
    public String table(int most) {
        NavigableSet<String> parameters = plan.parameters();
        List<String> names = new ArrayList<>(parameters);
        StringBuilder text = new StringBuilder("rank  trial     ");
        names.forEach(name -> text.append("  ").append(pad(name, width(name))));
        boolean rungs = plan.halving().rungs() > 1;
        text.append(rungs ? "  epochs" : "").append("  validation accuracy      loss\n");
        int rank = 0;
        for (TrialResult result : ranking()) {
            if (++rank > most) {
                break;
            }
            text.append(String.format(
                    Locale.ROOT, "%4d  %-10s", rank, result.trial().name()));
            names.forEach(name ->
                    text.append("  ").append(pad(result.trial().options().getOrDefault(name, "-"), width(name))));
            text.append(
                            rungs
                                    ? String.format(
                                            Locale.ROOT, "  %6d", plan.halving().epochs(result.rung()))
                                    : "")
                    .append("  ")
                    .append(words(result))
                    .append('\n');
        }
        return text.toString();
    }

    private int width(String option) {
        return plan.trials().stream()
                .mapToInt(trial -> trial.options().getOrDefault(option, "").length())
                .reduce(option.length(), Math::max);
    }

    private static String pad(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String words(TrialResult result) {
        if (!result.isSound()) {
            return result.runs().stream()
                    .filter(run -> !run.isDone())
                    .findFirst()
                    .map(run -> run.status() + ", seed " + run.seed())
                    .orElse("");
        }
        Interval accuracy = result.accuracy();
        String margin = accuracy.isKnown()
                ? String.format(Locale.ROOT, " ± %.4f", accuracy.high() - accuracy.mean())
                : "         ";
        return String.format(
                Locale.ROOT,
                "    %.4f%s    %.4f",
                accuracy.mean(),
                margin,
                result.loss().mean());
    }

    /** One line a run, in the order of trials and seeds. */
    public synchronized String csv() {
        List<String> parameters = List.copyOf(plan.parameters());
        StringBuilder csv = new StringBuilder("trial,seed");
        parameters.forEach(name -> csv.append(',').append(name));
        boolean rungs = plan.halving().rungs() > 1;
        csv.append(rungs ? ",epochs" : "")
                .append(",status,validationAccuracy,validationLoss,weightsSha256,seconds,backend,worker\n");
        for (RunOutcome run : inOrder()) {
            csv.append(run.trial().number()).append(',').append(run.seed());
            parameters.forEach(
                    name -> csv.append(',').append(quoted(run.trial().options().getOrDefault(name, ""))));
            csv.append(rungs ? "," + plan.halving().epochs(run.rung()) : "");
            csv.append(',').append(run.status());
            csv.append(',').append(number(run.validationAccuracy()));
            csv.append(',').append(number(run.validationLoss()));
            csv.append(',').append(run.weightsSha256() == null ? "" : run.weightsSha256());
            csv.append(',').append(number(run.seconds()));
            csv.append(',').append(quoted(run.backend()));
            csv.append(',').append(quoted(run.worker())).append('\n');
        }
        return csv.toString();
    }

    private List<RunOutcome> inOrder() {
        return outcomes.values().stream()
                .sorted(Comparator.comparingInt((RunOutcome run) -> run.trial().number())
                        .thenComparingLong(RunOutcome::seed)
                        .thenComparingInt(RunOutcome::rung))
                .toList();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.valueOf(value);
    }

    private static String quoted(String value) {
        return value.matches("[^,\"\\n]*") ? value : "\"" + value.replace("\"", "\"\"") + "\"";
    }

    /** The ranking with all runs, as JSON. */
    public synchronized ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("chosenBy", "validationAccuracy");
        json.put("runs", plan.runs()).put("finished", outcomes.size());
        ArrayNode trials = json.putArray("trials");
        for (TrialResult result : ranking()) {
            ObjectNode node = trials.addObject().put("trial", result.trial().number());
            ObjectNode options = node.putObject("options");
            result.trial().options().forEach(options::put);
            if (plan.halving().rungs() > 1) {
                node.put("epochs", plan.halving().epochs(result.rung()));
            }
            JsonNumbers.put(node, "validationAccuracy", result.accuracy().mean());
            JsonNumbers.put(node, "low", result.accuracy().low());
            JsonNumbers.put(node, "high", result.accuracy().high());
            JsonNumbers.put(node, "validationLoss", result.loss().mean());
            ArrayNode runs = node.putArray("runs");
            for (RunOutcome run : result.runs()) {
                ObjectNode entry = runs.addObject().put("seed", run.seed()).put("status", run.status());
                JsonNumbers.put(entry, "validationAccuracy", run.validationAccuracy());
                JsonNumbers.put(entry, "validationLoss", run.validationLoss());
                entry.put("weightsSha256", run.weightsSha256()).put("backend", run.backend());
                JsonNumbers.put(entry, "seconds", run.seconds());
                if (!run.worker().isEmpty()) {
                    entry.put("worker", run.worker());
                }
                if (run.reason() != null) {
                    entry.put("reason", run.reason());
                }
            }
        }
        ArrayNode importances = json.putArray("importance");
        Importance.of(plan, ranking())
                .forEach(each ->
                        importances.addObject().put("option", each.parameter()).put("share", each.share()));
        return json;
    }

    /** Writes {@code results.csv} and {@code results.json}. */
    public void write(Path folder) {
        AtomicFile.write(folder.resolve("results.csv"), csv());
        AtomicFile.write(folder.resolve("results.json"), json().toPrettyString() + "\n");
    }
}
