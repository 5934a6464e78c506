package bpnn.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SweepPlanTest {
    private static SweepPlan plan(List<Trial> trials, Halving halving) {
        return new SweepPlan(new TreeMap<>(), trials, List.of(1L, 2L), halving);
    }

    private static RunOutcome done(Trial trial, long seed, int rung, double accuracy, double loss) {
        return new RunOutcome(trial, seed, rung, "done", accuracy, loss, "", 1, "", "", null);
    }

    private static List<Trial> grid() {
        return SweepPlan.grid(new TreeMap<>(
                Map.of("dropout", List.of("0", "0.5"), "hidden", List.of("4", "8", "16"), "epochs", List.of("1"))));
    }

    @Test
    void aGridHasEveryCombinationOnce() {
        assertThat(grid())
                .extracting(trial ->
                        trial.options().get("dropout") + " " + trial.options().get("hidden"))
                .containsExactly("0 4", "0 8", "0 16", "0.5 4", "0.5 8", "0.5 16");
        assertThat(plan(grid(), Halving.NONE).parameters()).containsExactly("dropout", "hidden");
        assertThat(plan(grid(), Halving.NONE).runs()).isEqualTo(12);
    }

    @Test
    void halvingGoesOnWithAShareOfEachRung() {
        Halving halving = Halving.of(1, 9, 3);

        assertThat(halving.epochs()).containsExactly(1, 3, 9);
        assertThat(Halving.of(2, 7, 2).epochs()).containsExactly(2, 4, 7);
        assertThat(plan(grid(), halving).runs()).isEqualTo((6 + 2 + 1) * 2L);
        SweepPlan plan = plan(grid(), halving);
        assertThat(plan.run(grid().get(1), 2, 0)).isEqualTo("trial-002-seed-2-epochs-1");
        assertThat(plan.run(grid().get(1), 2, 2)).isEqualTo("trial-002-seed-2");
        assertThat(plan.options(grid().get(1), 2, 1))
                .containsEntry("epochs", "3")
                .containsEntry("seed", "2");
    }

    @Test
    void thoseWithTheLowestLossGoOnAndTheFarthestIsRankedFirst() {
        SweepPlan plan = plan(grid(), Halving.of(1, 9, 3));
        SweepResults results = new SweepResults(plan);
        double[] losses = {0.5, 0.2, 0.9, 0.1, 0.3, 0.8};
        for (Trial trial : plan.trials()) {
            for (long seed = 1; seed <= 2; seed++) {
                results.add(done(trial, seed, 0, 0.9, losses[trial.number() - 1]));
            }
        }
        List<Trial> second = results.goingOn(plan.trials(), 0);
        assertThat(second).extracting(Trial::number).containsExactly(2, 4);

        second.forEach(trial -> results.add(done(trial, 1, 1, 0.5, 1)));
        results.add(done(second.get(0), 2, 1, 0.5, 1));
        // The fourth has no second run on its rung yet.
        assertThat(results.ranking())
                .extracting(result -> result.trial().number())
                .startsWith(2, 4, 5, 1);
    }

    @Test
    void whatDivergedNeitherGoesOnNorIsRankedBeforeOthers() {
        SweepPlan plan = plan(grid().subList(0, 2), Halving.NONE);
        SweepResults results = new SweepResults(plan);
        for (long seed = 1; seed <= 2; seed++) {
            results.add(new RunOutcome(
                    plan.trials().get(0), seed, 0, "diverged", Double.NaN, Double.NaN, null, 1, "", "", "reason"));
            results.add(done(plan.trials().get(1), seed, 0, 0.1, 9));
        }

        assertThat(results.ranking())
                .extracting(result -> result.trial().number())
                .containsExactly(2, 1);
        assertThat(results.goingOn(plan.trials(), 0)).extracting(Trial::number).containsExactly(2);
    }

    /** Two independent options move the error by 0.1 and 0.05: variances as 4 to 1. */
    @Test
    void importanceIsTheShareOfTheVariance() {
        List<Trial> trials =
                SweepPlan.grid(new TreeMap<>(Map.of("dropout", List.of("0", "1"), "hidden", List.of("0", "1"))));
        SweepPlan plan = plan(trials, Halving.NONE);
        List<TrialResult> results = new ArrayList<>();
        for (Trial trial : trials) {
            double error = 0.1 * Integer.parseInt(trial.options().get("dropout"))
                    + 0.05 * Integer.parseInt(trial.options().get("hidden"));
            results.add(new TrialResult(
                    trial, 0, List.of(done(trial, 1, 0, 1 - error, 1), done(trial, 2, 0, 1 - error, 1))));
        }

        List<Importance> importances = Importance.of(plan, results);

        assertThat(importances).extracting(Importance::parameter).containsExactly("dropout", "hidden");
        assertThat(importances.get(0).share()).isCloseTo(0.8, within(1e-9));
        assertThat(importances.get(1).share()).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void numbersOfAContinuumAreTakenInQuarters() {
        SortedMap<String, Domain> space = new TreeMap<>(
                Map.of("learning-rate", new Domain.LogUniform(1e-4, 1e-1), "dropout", new Domain.Uniform(0, 0.5)));
        List<Trial> trials = SweepPlan.draws(space, 200, 1);
        List<TrialResult> results = new ArrayList<>();
        for (Trial trial : trials) {
            double error =
                    Math.abs(Math.log10(Double.parseDouble(trial.options().get("learning-rate"))) + 2) / 10;
            results.add(new TrialResult(trial, 0, List.of(done(trial, 1, 0, 1 - error, 1))));
        }

        List<Importance> importances = Importance.of(plan(trials, Halving.NONE), results);

        assertThat(importances.get(0).parameter()).isEqualTo("learning-rate");
        assertThat(importances.get(0).share()).isGreaterThan(0.6);
        assertThat(importances.get(1).share()).isLessThan(0.1);
        assertThat(trials)
                .extracting(trial -> Double.parseDouble(trial.options().get("learning-rate")))
                .allMatch(rate -> rate >= 1e-4 && rate <= 1e-1)
                .filteredOn(rate -> rate < 3.16e-3)
                .hasSizeBetween(80, 120);
    }
}
