package bpnn.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What has been measured: figures that have a goal, and further ones. */
final class Table {
    private final List<Row> goals = new ArrayList<>();
    private final List<Row> figures = new ArrayList<>();

    /** Adds lines. */
    void add(List<Row> rows) {
        for (Row row : rows) {
            (row.goal().isEmpty() ? figures : goals).add(row);
        }
    }

    /** Adds what a measurement gives; one that fails costs its own lines alone. */
    void measure(String what, Supplier<List<Row>> measurement) {
        System.err.println(what);
        try {
            add(measurement.get());
        } catch (RuntimeException e) {
            add(List.of(Row.failed(what, e)));
        }
    }

    /** As Markdown. */
    String markdown() {
        List<String> lines = new ArrayList<>(List.of("| | goal | measured | |", "|---|---|---|---|"));
        goals.forEach(row -> lines.add(row.markdown()));
        lines.addAll(List.of("", "| further figures | |", "|---|---|"));
        figures.forEach(row -> lines.add("| " + row.what() + " | " + row.measured() + " |"));
        return String.join("\n", lines);
    }
}
