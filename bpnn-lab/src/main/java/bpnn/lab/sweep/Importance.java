package bpnn.lab.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much one option alone explains.
 *
 * @param parameter the option
 * @param share of the variance of the validation error between trials that its groups explain (η², a main effect of the
 *     analysis of variance; R. A. Fisher, 1925), 0 to 1
 */
public record Importance(String parameter, double share) {
    /** Numbers with more distinct values than this are taken in quarters. */
    private static final int MOST_GROUPS = 8;

    private static final int QUARTERS = 4;

    /** Of all options in which trials differ, the most important first. */
    public static List<Importance> of(SweepPlan plan, List<TrialResult> results) {
        List<TrialResult> sound = results.stream().filter(TrialResult::isSound).toList();
        List<Importance> importances = new ArrayList<>();
        for (String parameter : plan.parameters()) {
            importances.add(new Importance(parameter, share(groups(parameter, sound))));
        }
        importances.sort(Comparator.comparingDouble((Importance importance) -> -importance.share()));
        return importances;
    }

    private static List<List<Double>> groups(String parameter, List<TrialResult> results) {
        Map<String, List<Double>> byValue = new LinkedHashMap<>();
        for (TrialResult result : results) {
            byValue.computeIfAbsent(result.trial().options().getOrDefault(parameter, ""), value -> new ArrayList<>())
                    .add(1 - result.accuracy().mean());
        }
        if (byValue.size() <= MOST_GROUPS || !byValue.keySet().stream().allMatch(ParameterValues::isNumber)) {
            return List.copyOf(byValue.values());
        }
        double[] numbers = byValue.keySet().stream()
                .mapToDouble(Double::parseDouble)
                .sorted()
                .toArray();
        List<List<Double>> quarters = new ArrayList<>();
        for (int i = 0; i < QUARTERS; i++) {
            quarters.add(new ArrayList<>());
        }
        byValue.forEach((value, errors) -> {
            int rank = Arrays.binarySearch(numbers, Double.parseDouble(value));
            quarters.get(Math.max(0, rank) * QUARTERS / numbers.length).addAll(errors);
        });
        return quarters;
    }

    private static double share(List<List<Double>> groups) {
        double mean = mean(groups.stream().flatMap(List::stream).toList());
        double between = 0;
        double total = 0;
        for (List<Double> group : groups) {
            double own = mean(group);
            between += group.isEmpty() ? 0 : group.size() * (own - mean) * (own - mean);
            for (double value : group) {
                total += (value - mean) * (value - mean);
            }
        }
        return total == 0 ? 0 : between / total;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
