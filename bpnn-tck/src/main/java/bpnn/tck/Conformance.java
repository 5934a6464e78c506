package bpnn.tck;

import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The conformance kit for one backend. It opens the backend, runs {@link #cases} in the order of {@link Group}, and
 * closes the backend.
 *
 * <pre>{@code try (Conformance kit = Conformance.of(provider, BackendConfig.defaults())) { ConformanceReport report =
 * kit.run(result -> {}); } }</pre>
 *
 * <p>All random numbers come from Philox with a seed that is part of the report, so that failures are reproducible.
 */
public final class Conformance implements AutoCloseable {
    /** The default seed. */
    public static final long STANDARD_SEED = 20_261;

    private final Fixture fixture;

    private Conformance(Fixture fixture) {
        this.fixture = fixture;
    }

    /**
     * Opens the backend under test.
     *
     * @param config how to open it; some cases open it again in the same way
     * @throws bpnn.spi.BackendException if it cannot be opened
     */
    public static Conformance of(BackendProvider provider, BackendConfig config) {
        return of(provider, config, STANDARD_SEED);
    }

    /**
     * Opens the backend under test, with operands from another seed; see {@link #of(BackendProvider, BackendConfig)}.
     *
     * @param seed the seed of all operands
     */
    public static Conformance of(BackendProvider provider, BackendConfig config, long seed) {
        return new Conformance(new Fixture(provider, config, provider.open(config), new OperandGenerators(seed)));
    }

    /** The backend under test. */
    public Backend backend() {
        return fixture.backend();
    }

    /** The seed of all operands. */
    public long seed() {
        return fixture.generators().seed();
    }

    /** All cases, in the order in which they run. */
    public List<ConformanceCase> cases() {
        KernelCases kernels = new KernelCases(fixture);
        List<ConformanceCase> cases = new ArrayList<>(new LifecycleCases(fixture).cases());
        cases.addAll(kernels.primitives());
        cases.addAll(kernels.fused());
        cases.addAll(new GradientCases(fixture).cases());
        cases.addAll(kernels.repeatability());
        cases.addAll(kernels.sentinels());
        cases.addAll(kernels.aliasing());
        cases.addAll(new SpecialValueCases(fixture).cases());
        cases.addAll(new TrainingCases(fixture).cases());
        cases.addAll(kernels.exactness());
        return cases;
    }

    /**
     * Runs all cases.
     *
     * @param listener receives each result immediately
     */
    public ConformanceReport run(Consumer<CaseResult> listener) {
        return run(cases(), listener);
    }

    /**
     * Runs some cases.
     *
     * @param chosen a subset of {@link #cases}, in their order
     * @param listener receives each result immediately
     */
    public ConformanceReport run(List<ConformanceCase> chosen, Consumer<CaseResult> listener) {
        List<CaseResult> results = new ArrayList<>();
        for (ConformanceCase item : chosen) {
            CaseResult result = item.run();
            results.add(result);
            listener.accept(result);
        }
        Backend backend = fixture.backend();
        return new ConformanceReport(backend.id(), backend.device(), backend.numerics(), seed(), results);
    }

    @Override
    public void close() {
        fixture.backend().close();
    }
}
