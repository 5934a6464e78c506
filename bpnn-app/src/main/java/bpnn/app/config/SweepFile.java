package bpnn.app.config;

import bpnn.app.option.UsageException;
import bpnn.lab.sweep.Domain;
import bpnn.lab.sweep.Halving;
import bpnn.lab.sweep.SweepPlan;
import bpnn.lab.sweep.Trial;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Files that say what a sweep trains, in YAML; see {@code docs/sweeps.md}. */
public final class SweepFile {
    private static final Set<String> MEMBERS =
            Set.of("options", "grid", "list", "draws", "space", "draw-seed", "seeds", "seed", "halving");
    private static final int MOST_SEEDS = 1000;

    private final String file;
    private final JsonNode root;
    private final Set<String> known;

    private SweepFile(String file, JsonNode root, Set<String> known) {
        this.file = file;
        this.root = root;
        this.known = known;
    }

    /**
     * Reads a file.
     *
     * @param known options of {@code train} that it may set
     * @throws bpnn.data.DataException if it cannot be read or is no YAML
     * @throws UsageException if it describes no sweep
     */
    public static SweepPlan read(Path file, Set<String> known) {
        String name = file.toString();
        JsonNode root = ConfigFile.parse(name, ConfigFile.text(file));
        if (!root.isObject()) {
            throw new UsageException(
                    name + " must hold \"grid:\", \"list:\" or \"draws:\" with what is to be trained.");
        }
        return new SweepFile(name, root, known).plan();
    }

    private SweepPlan plan() {
        root.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw new UsageException(file + " has \"" + name + "\", which a sweep does not know; did you mean \""
                        + Spelling.nearest(name, MEMBERS) + "\"? Options of train stand below \"options:\".");
            }
        });
        List<Trial> trials = trials();
        if (trials.size() > SweepPlan.MOST_TRIALS) {
            throw tooMany(BigInteger.valueOf(trials.size()));
        }
        long count = number("seeds", 1);
        if (count < 1 || count > MOST_SEEDS) {
            throw new UsageException(
                    file + " asks for " + count + " seeds, but there must be between 1 and " + MOST_SEEDS + ".");
        }
        long first = number("seed", 1);
        List<Long> seeds = new ArrayList<>();
        for (long seed = first; seed < first + count; seed++) {
            seeds.add(seed);
        }
        SortedMap<String, String> options = point("options", root.path("options"));
        Halving halving = halving();
        boolean epochs = options.containsKey("epochs")
                || trials.stream().anyMatch(trial -> trial.options().containsKey("epochs"));
        if (halving.rungs() > 1 && epochs) {
            throw new UsageException(
                    file + " sets epochs, but its halving says how many there are; leave one of them out.");
        }
        return new SweepPlan(options, trials, seeds, halving);
    }

    private Halving halving() {
        JsonNode node = root.path("halving");
        if (node.isMissingNode()) {
            return Halving.NONE;
        }
        long from = node.path("from").asLong(1);
        long to = node.path("to").asLong(0);
        long factor = node.path("factor").asLong(3);
        if (!node.isObject() || from < 1 || to <= from || to > Integer.MAX_VALUE || factor < 2) {
            throw new UsageException(
                    file + " has \"halving: " + node + "\", but {from: 1, to: 9, factor: 3} is expected: epochs"
                            + " of the first and of the last rung, and one in how many trials goes on.");
        }
        return Halving.of((int) from, (int) to, (int) Math.min(factor, Integer.MAX_VALUE));
    }

    private List<Trial> trials() {
        int kinds = (root.has("grid") ? 1 : 0) + (root.has("list") ? 1 : 0) + (root.has("draws") ? 1 : 0);
        if (kinds != 1) {
            throw new UsageException(file + " must have one of \"grid:\", \"list:\" and \"draws:\", but has "
                    + (kinds == 0 ? "none of them." : kinds + " of them."));
        }
        if (root.has("grid")) {
            return grid();
        }
        return root.has("list") ? list() : draws();
    }

    private List<Trial> grid() {
        SortedMap<String, List<String>> grid = new TreeMap<>();
        for (Map.Entry<String, JsonNode> option : properties("grid", root.get("grid"))) {
            grid.put(known(option.getKey()), values("grid", option.getKey(), option.getValue()));
        }
        if (grid.isEmpty()) {
            throw new UsageException("The grid of " + file + " is empty; name options with lists of values.");
        }
        BigInteger points = SweepPlan.points(grid);
        if (points.compareTo(BigInteger.valueOf(SweepPlan.MOST_TRIALS)) > 0) {
            throw tooMany(points);
        }
        return SweepPlan.grid(grid);
    }

    private UsageException tooMany(BigInteger points) {
        return new UsageException(file + " has " + String.format(Locale.ROOT, "%,d", points) + " points, but at most "
                + SweepPlan.MOST_TRIALS + " can be tried; draw some of them with \"draws:\".");
    }

    private List<Trial> list() {
        if (!root.get("list").isArray() || root.get("list").isEmpty()) {
            throw new UsageException("The list of " + file + " is empty; name points such as \"- hidden: 64\".");
        }
        List<SortedMap<String, String>> points = new ArrayList<>();
        root.get("list").forEach(each -> points.add(point("list", each)));
        return SweepPlan.numbered(points);
    }

    private List<Trial> draws() {
        long count = number("draws", 0);
        if (count < 1) {
            throw new UsageException(file + " asks for " + count + " draws, but there must be at least 1.");
        }
        if (count > SweepPlan.MOST_TRIALS) {
            throw tooMany(BigInteger.valueOf(count));
        }
        SortedMap<String, Domain> space = new TreeMap<>();
        for (Map.Entry<String, JsonNode> option : properties("space", root.path("space"))) {
            space.put(known(option.getKey()), domain(option.getKey(), option.getValue()));
        }
        if (space.isEmpty()) {
            throw new UsageException(
                    "The space of " + file + " is empty; name options with what is to be drawn, such as"
                            + " \"learning-rate: {log-uniform: [0.0001, 0.01]}\".");
        }
        return SweepPlan.draws(space, (int) count, number("draw-seed", 1));
    }

    private Domain domain(String option, JsonNode node) {
        if (node.isArray()) {
            return new Domain.Choice(values("space", option, node));
        }
        for (Map.Entry<String, JsonNode> kind : node.properties()) {
            if (node.size() == 1 && kind.getKey().equals("choice")) {
                return new Domain.Choice(values("space", option, kind.getValue()));
            }
            JsonNode ends = kind.getValue();
            boolean range = node.size() == 1
                    && ends.size() == 2
                    && ends.path(0).isNumber()
                    && ends.path(1).isNumber()
                    && ends.get(0).asDouble() < ends.get(1).asDouble();
            if (range && kind.getKey().equals("uniform")) {
                return new Domain.Uniform(ends.get(0).asDouble(), ends.get(1).asDouble());
            }
            if (range && kind.getKey().equals("log-uniform") && ends.get(0).asDouble() > 0) {
                return new Domain.LogUniform(ends.get(0).asDouble(), ends.get(1).asDouble());
            }
        }
        throw new UsageException(
                file + " draws " + option + " from " + node
                        + ", but {uniform: [low, high]}, {log-uniform: [low, high]} with low above 0, or {choice: [a, b]} is expected.");
    }

    private List<String> values(String part, String option, JsonNode node) {
        List<String> values = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(value -> values.add(text(option, value)));
        }
        if (values.isEmpty()) {
            throw new UsageException("The " + part + " of " + file + " has no values for " + option
                    + "; a list such as [0.001, 0.01] is expected.");
        }
        return values;
    }

    /** As somebody would type it: 0.0003 rather than 3.0E-4. */
    private String text(String option, JsonNode value) {
        return value.isFloatingPointNumber()
                ? new BigDecimal(value.asText()).stripTrailingZeros().toPlainString()
                : ConfigFile.text(file, option, value);
    }

    private SortedMap<String, String> point(String part, JsonNode node) {
        SortedMap<String, String> point = new TreeMap<>();
        for (Map.Entry<String, JsonNode> option : properties(part, node)) {
            point.put(known(option.getKey()), text(option.getKey(), option.getValue()));
        }
        return point;
    }

    private Set<Map.Entry<String, JsonNode>> properties(String part, JsonNode node) {
        if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
            throw new UsageException(
                    file + " has \"" + part + ": " + node + "\", but options with values are expected there.");
        }
        return node.properties();
    }

    private String known(String option) {
        if (!known.contains(option)) {
            throw new UsageException(
                    file + " sets \"" + option + "\", which is no option that a sweep can set; did you mean \""
                            + Spelling.nearest(option, known) + "\"?");
        }
        return option;
    }

    private long number(String name, long fallback) {
        JsonNode value = root.path(name);
        if (value.isMissingNode()) {
            return fallback;
        }
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new UsageException(
                    file + " has \"" + name + ": " + value + "\", but a whole number is expected there.");
        }
        return value.asLong();
    }
}
