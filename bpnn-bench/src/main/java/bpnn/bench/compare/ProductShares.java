package bpnn.bench.compare;

import bpnn.bench.jmh.PeakProfiler;
import bpnn.bench.jmh.Product;
import bpnn.bench.jmh.ProductBenchmark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The products of the network by JMH, as a share of the fma peak. */
final class ProductShares {
    private ProductShares() {}

    /** The table's lines: all products of a step together, and each; those of wide layers have a goal in percent. */
    static List<Row> measure(int batch, int threads, double goal, Path logs) {
        Options options = new OptionsBuilder()
                .include(ProductBenchmark.class.getSimpleName())
                .param("batch", Integer.toString(batch))
                .param("backend", Contender.BACKEND)
                .param("threads", Integer.toString(threads))
                .addProfiler(PeakProfiler.class)
                .output(logs.resolve("jmh.log").toString())
                .shouldFailOnError(true)
                .build();
        try {
            Map<Product, RunResult> results = new EnumMap<>(Product.class);
            for (RunResult result : new Runner(options).run()) {
                results.put(Product.valueOf(result.getParams().getParam("product")), result);
            }
            return rows(batch, goal, results);
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH failed; " + logs.resolve("jmh.log") + " says why", e);
        }
    }

    private static List<Row> rows(int batch, double goal, Map<Product, RunResult> results) {
        double atPeak = 0;
        double taken = 0;
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<Product, RunResult> entry : results.entrySet()) {
            RunResult result = entry.getValue();
            double micros = median(result);
            double peak = Objects.requireNonNull(result.getSecondaryResults().get(PeakProfiler.PEAK))
                    .getScore();
            double flops = entry.getKey().flops(batch);
            double ideal = flops / peak / 1e3;
            atPeak += ideal;
            taken += micros;
            String what = entry.getKey().words() + ", batch " + batch;
            String figures = String.format(Locale.ROOT, "%.0f µs, %.0f GFLOP/s", micros, flops / micros / 1e3);
            Samples share = new Samples(List.of(100 * ideal / micros));
            rows.add(
                    entry.getKey().isWide()
                            ? Row.atLeast(goal, " %", what + ", share of the fma peak", share, "%.0f", figures)
                            : Row.figure(what, share.text("%.0f") + " % of the peak; " + figures));
        }
        rows.add(Row.figure(
                "all eight products of the network at batch " + batch,
                String.format(Locale.ROOT, "%.0f %% of the peak; %.0f µs", 100 * atPeak / taken, taken)));
        return rows;
    }

    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }
}
