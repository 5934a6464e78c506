package bpnn.app.progress;

import bpnn.io.file.Word;
import bpnn.nn.NetworkSpec;
import java.util.Locale;

/** A table of a network's layers. */
public final class ModelSummary {
    private final StringBuilder text = new StringBuilder();
    private long total;

    private ModelSummary() {}

    /** The table, a row per layer and one for the sum. */
    public static String of(NetworkSpec spec) {
        ModelSummary summary = new ModelSummary();
        summary.line("layer", "shape", "parameters", "bytes");
        summary.dropout(spec.dropout().input());
        int before = spec.inputs();
        for (int i = 0; i < spec.hidden().size(); i++) {
            int units = spec.hidden().get(i);
            summary.dense(i, before, units, !spec.batchNorm());
            if (spec.batchNorm()) {
                summary.row("bn" + (i + 1), String.valueOf(units), 2L * units);
            }
            summary.row(Word.of(spec.activation()), String.valueOf(units), 0);
            summary.dropout(spec.dropout().at(i));
            before = units;
        }
        summary.dense(spec.hidden().size(), before, spec.classes(), true);
        summary.row("total", "", summary.total);
        return summary.text.toString().stripTrailing();
    }

    private void dropout(float rate) {
        if (rate > 0) {
            row("dropout", String.valueOf(rate), 0);
        }
    }

    private void dense(int index, int inputs, int outputs, boolean bias) {
        row("fc" + (index + 1), inputs + " -> " + outputs, (long) inputs * outputs + (bias ? outputs : 0));
    }

    private void row(String layer, String shape, long parameters) {
        total += parameters;
        String count = parameters == 0 ? "" : String.format(Locale.ROOT, "%,d", parameters);
        line(layer, shape, count, parameters == 0 ? "" : bytes(4 * parameters));
    }

    private void line(String layer, String shape, String parameters, String bytes) {
        String line = String.format(Locale.ROOT, "%-8s %-14s %14s %10s", layer, shape, parameters, bytes);
        text.append(line.stripTrailing()).append('\n');
    }

    private static String bytes(long bytes) {
        return bytes < 999_950 // what rounds to 1000.0 kB
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
