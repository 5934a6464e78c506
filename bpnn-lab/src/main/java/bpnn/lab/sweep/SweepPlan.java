package bpnn.lab.sweep;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a sweep trains.
 *
 * @param options that all runs have in common
 * @param trials the points of the space
 * @param seeds of the runs of each trial
 * @param halving which trials are trained for how long
 */
public record SweepPlan(SortedMap<String, String> options, List<Trial> trials, List<Long> seeds, Halving halving) {
    /** More could not be carried out on one machine in a lifetime, and would only be a slip of the pen. */
    public static final int MOST_TRIALS = 100_000;

    public SweepPlan {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        trials = List.copyOf(trials);
        seeds = List.copyOf(seeds);
    }

    /** The number of points of a grid. */
    public static BigInteger points(SortedMap<String, List<String>> grid) {
        return grid.values().stream()
                .map(values -> BigInteger.valueOf(values.size()))
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }

    /** Every combination of the values, the last option's changing first. */
    public static List<Trial> grid(SortedMap<String, List<String>> grid) {
        List<SortedMap<String, String>> points = new ArrayList<>(List.of(new TreeMap<>()));
        for (Map.Entry<String, List<String>> option : grid.entrySet()) {
            List<SortedMap<String, String>> longer = new ArrayList<>();
            for (SortedMap<String, String> point : points) {
                for (String value : option.getValue()) {
                    SortedMap<String, String> next = new TreeMap<>(point);
                    next.put(option.getKey(), value);
                    longer.add(next);
                }
            }
            points = longer;
        }
        return numbered(points);
    }

    /** Draws from a space: the same for the same seed, and the first ones of more draws are those of fewer. */
    public static List<Trial> draws(SortedMap<String, Domain> space, int count, long seed) {
        List<SortedMap<String, String>> points = new ArrayList<>();
        for (int draw = 0; draw < count; draw++) {
            SortedMap<String, String> point = new TreeMap<>();
            for (Map.Entry<String, Domain> option : space.entrySet()) {
                // A stream for each option by its name, so that another option changes no draw of this one.
                int stream = option.getKey().hashCode();
                point.put(option.getKey(), option.getValue().draw(new RandomStream(seed, Purpose.SWEEP, draw, stream)));
            }
            points.add(point);
        }
        return numbered(points);
    }

    /** Points as trials, in their order. */
    public static List<Trial> numbered(List<SortedMap<String, String>> points) {
        List<Trial> trials = new ArrayList<>();
        for (SortedMap<String, String> point : points) {
            trials.add(new Trial(trials.size() + 1, point));
        }
        return trials;
    }

    /** The options in which trials differ. */
    public NavigableSet<String> parameters() {
        NavigableSet<String> names = new TreeSet<>();
        for (Trial trial : trials) {
            trial.options().forEach((name, value) -> {
                if (!value.equals(trials.get(0).options().get(name))) {
                    names.add(name);
                }
            });
            trials.get(0).options().keySet().stream()
                    .filter(name -> !trial.options().containsKey(name))
                    .forEach(names::add);
        }
        return names;
    }

    /** Number of runs, those of all rungs together. */
    public long runs() {
        long runs = 0;
        for (int rung = 0; rung < halving.rungs(); rung++) {
            runs += (long) halving.trials(trials.size(), rung) * seeds.size();
        }
        return runs;
    }

    /** The name of a run, and of its folder; those of the last rung have that of their trial and seed. */
    public String run(Trial trial, long seed, int rung) {
        String name = trial.name() + "-seed-" + seed;
        return rung == halving.rungs() - 1 ? name : name + "-epochs-" + halving.epochs(rung);
    }

    /** The options of a run but for its folder. */
    public SortedMap<String, String> options(Trial trial, long seed, int rung) {
        SortedMap<String, String> all = new TreeMap<>(options);
        all.putAll(trial.options());
        all.put("seed", String.valueOf(seed));
        if (halving.epochs(rung) != null) {
            all.put("epochs", String.valueOf(halving.epochs(rung)));
        }
        return all;
    }

    /** What a folder of the sweep belongs to. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode common = json.putObject("options");
        options.forEach(common::put);
        seeds.forEach(json.putArray("seeds")::add);
        halving.epochs().forEach(json.putArray("rungs")::add);
        json.put("factor", halving.factor());
        ArrayNode list = json.putArray("trials");
        for (Trial trial : trials) {
            ObjectNode point = list.addObject();
            trial.options().forEach(point::put);
        }
        return json;
    }
}
