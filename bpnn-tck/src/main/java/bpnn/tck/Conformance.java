package bpnn.tck;

import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The conformance kit for one backend. It opens the backend, tries it with {@link #cases} in the order of {@link Group},
 * and closes it.
 *
 * <pre>{@code
 * try (Conformance kit = Conformance.of(provider, BackendConfig.defaults())) {
 *     ConformanceReport report = kit.run(result -> {});
 * }
 * }</pre>
 *
 * <p>Everything is drawn from Philox with a seed that the report names, so that a failure repeats.
 */
public final class Conformance implements AutoCloseable {
    /** The seed that the kit draws with unless it is given another one. */
    public static final long STANDARD_SEED = 20_261;

    private final Session session;

    private Conformance(Session session) {
        this.session = session;
    }

    /**
     * Opens a backend to be tried.
     *
     * @param config how; the kit opens it a few times more in the same way
     * @throws bpnn.spi.BackendException if it cannot be opened
     */
    public static Conformance of(BackendProvider provider, BackendConfig config) {
        return of(provider, config, STANDARD_SEED);
    }

    /**
     * Opens a backend to be tried with operands of another seed; see {@link #of(BackendProvider, BackendConfig)}.
     *
     * @param seed the key of everything that is drawn
     */
    public static Conformance of(BackendProvider provider, BackendConfig config, long seed) {
        return new Conformance(new Session(provider, config, provider.open(config), new Draws(seed)));
    }

    /** The backend under test. */
    public Backend backend() {
        return session.backend();
    }

    /** The key of everything that is drawn. */
    public long seed() {
        return session.draws().seed();
    }

    /** All cases, in the order in which they are to be run. */
    public List<ConformanceCase> cases() {
        KernelCases kernels = new KernelCases(session);
        List<ConformanceCase> cases = new ArrayList<>(new LifecycleCases(session).cases());
        cases.addAll(kernels.primitives());
        cases.addAll(kernels.fused());
        cases.addAll(new GradientCases(session).cases());
        cases.addAll(kernels.repeatability());
        cases.addAll(kernels.sentinels());
        cases.addAll(kernels.aliasing());
        cases.addAll(new SpecialValueCases(session).cases());
        cases.addAll(new TrainingCases(session).cases());
        cases.addAll(kernels.exactness());
        return cases;
    }

    /**
     * Runs all cases.
     *
     * @param listener hears of each as soon as it has ended
     */
    public ConformanceReport run(Consumer<CaseResult> listener) {
        return run(cases(), listener);
    }

    /**
     * Runs some cases.
     *
     * @param chosen of {@link #cases}, in their order
     * @param listener hears of each as soon as it has ended
     */
    public ConformanceReport run(List<ConformanceCase> chosen, Consumer<CaseResult> listener) {
        List<CaseResult> results = new ArrayList<>();
        for (ConformanceCase item : chosen) {
            CaseResult result = item.run();
            results.add(result);
            listener.accept(result);
        }
        Backend backend = session.backend();
        return new ConformanceReport(backend.id(), backend.device(), backend.numerics(), seed(), results);
    }

    @Override
    public void close() {
        session.backend().close();
    }
}
