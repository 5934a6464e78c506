package bpnn.bench.jmh;

import bpnn.bench.FmaPeak;
import bpnn.bench.Variant;
import bpnn.bench.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures the machine's fma peak before and after each iteration, and gives the benchmark's score as a share of it where
 * the work is known: {@code -prof bpnn.bench.jmh.PeakProfiler}.
 */
public final class PeakProfiler implements InternalProfiler {
    /** The fma peak of the same moment. */
    public static final String PEAK = "peak";
    /** The score as a share of it. */
    public static final String SHARE = "share";

    private @Nullable FmaPeak peak;
    private double before;

    @Override
    public String getDescription() {
        return "Share of the fma peak";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = peak(benchmark).gflops();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double gflops = Math.max(before, peak(benchmark).gflops());
        List<Result<?>> results = new ArrayList<>();
        results.add(new ScalarResult(PEAK, gflops, "GFLOP/s", AggregationPolicy.AVG));
        double work = flops(benchmark);
        if (work > 0) {
            double nanos =
                    result.getPrimaryResult().getScore() * TimeUnit.NANOSECONDS.convert(1, benchmark.getTimeUnit());
            results.add(new ScalarResult(SHARE, 100 * work / nanos / gflops, "%", AggregationPolicy.AVG));
        }
        return results;
    }

    /** On as many threads as the benchmark computes with. */
    private FmaPeak peak(BenchmarkParams benchmark) {
        if (peak == null) {
            String given = benchmark.getParam("threads");
            int threads = given == null ? 0 : Integer.parseInt(given);
            peak = new FmaPeak(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
        }
        return peak;
    }

    /** Floating-point operations that the score stands for; 0 if it does not count them. */
    private static double flops(BenchmarkParams benchmark) {
        String name = benchmark.getBenchmark();
        if (name.startsWith(ProductBenchmark.class.getName())) {
            return Product.valueOf(benchmark.getParam("product")).flops(Integer.parseInt(benchmark.getParam("batch")));
        }
        if (name.startsWith(StepBenchmark.class.getName())) {
            return new Workload(Variant.PLAIN, 1, 1, 1, Workload.SYNTHETIC).flops();
        }
        return 0;
    }
}
