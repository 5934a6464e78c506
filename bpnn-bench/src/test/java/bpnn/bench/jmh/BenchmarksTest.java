package bpnn.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bpnn.spi.Kernels;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark once, small, in this JVM: that it runs, not how fast. */
class BenchmarksTest {
    private static Collection<RunResult> run(Class<?> benchmark, String... parameters) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getSimpleName())
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .addProfiler(PeakProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        for (int i = 0; i < parameters.length; i += 2) {
            options.param(parameters[i], parameters[i + 1]);
        }
        return new Runner(options.build()).run();
    }

    @Test
    void productsGiveTheirShareOfThePeak() throws RunnerException {
        Collection<RunResult> results = run(ProductBenchmark.class, "batch", "32");

        assertThat(results).hasSize(Product.values().length).allSatisfy(result -> {
            Result<?> share = result.getSecondaryResults().get(PeakProfiler.SHARE);
            Result<?> peak = result.getSecondaryResults().get(PeakProfiler.PEAK);
            double flops =
                    Product.valueOf(result.getParams().getParam("product")).flops(32);
            double gflops = flops / result.getPrimaryResult().getScore() / 1e3;
            assertThat(peak.getScore()).isPositive();
            assertThat(share.getScore()).isCloseTo(100 * gflops / peak.getScore(), within(1e-6));
        });
    }

    @Test
    void stepsGiveTheirShareOfThePeak() throws RunnerException {
        assertThat(run(StepBenchmark.class, "batch", "512", "variant", "DROPOUT"))
                .hasSize(1)
                .allSatisfy(result -> assertThat(result.getSecondaryResults()).containsKey(PeakProfiler.SHARE));
    }

    @Test
    void kernels() throws RunnerException {
        assertThat(run(KernelBenchmark.class, "batch", "8")).hasSize(FusedKernel.values().length);
    }

    @Test
    void loading() throws RunnerException {
        assertThat(run(LoadBenchmark.class, "images", "60")).hasSize(2);
    }

    @Test
    void reading() throws RunnerException {
        assertThat(run(ReadBenchmark.class, "images", "40")).hasSize(ReadBenchmark.What.values().length);
    }

    @Test
    void peak() throws RunnerException {
        RunResult result = run(PeakBenchmark.class).iterator().next();

        assertThat(result.getSecondaryResults().get("flops").getScore()).isGreaterThan(0.1);
    }

    /** A fused kernel is a default method of the interface. */
    @Test
    void noFusedKernelIsForgotten() {
        Set<String> kernels = Arrays.stream(Kernels.class.getMethods())
                .filter(Method::isDefault)
                .map(method -> method.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());

        assertThat(FusedKernel.values()).extracting(FusedKernel::name).containsExactlyInAnyOrderElementsOf(kernels);
    }

    @Test
    void noBenchmarkIsForgotten() {
        OutputFormat quiet = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        Set<String> found = BenchmarkList.defaultList().getAll(quiet, List.of()).stream()
                .map(entry -> entry.getUserClassQName())
                .collect(Collectors.toCollection(HashSet::new));

        assertThat(found)
                .isEqualTo(Set.of(
                        ProductBenchmark.class.getName(),
                        StepBenchmark.class.getName(),
                        KernelBenchmark.class.getName(),
                        LoadBenchmark.class.getName(),
                        ReadBenchmark.class.getName(),
                        PeakBenchmark.class.getName()));
    }
}
