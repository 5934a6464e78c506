package bpnn.tck;

import bpnn.spi.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The groups that go through the calls of every kernel, one case for each. */
final class KernelCases {
    private static final int REPETITIONS = 3;

    private final Session session;
    private final Bench bench;

    KernelCases(Session session) {
        this.session = session;
        this.bench = session.bench();
    }

    private ConformanceCase over(
            Group group, KernelSuite suite, double largestNmse, BiConsumer<Tally, KernelCall> check) {
        return new ConformanceCase(group, suite.kernel(), () -> {
            Tally tally = new Tally(largestNmse);
            suite.calls(session.draws()).forEach(call -> check.accept(tally, call));
            return tally.findings();
        });
    }

    private List<ConformanceCase> over(Group group, List<KernelSuite> suites, BiConsumer<Tally, KernelCall> check) {
        return suites.stream()
                .map(suite -> over(group, suite, Double.POSITIVE_INFINITY, check))
                .toList();
    }

    /** Primitives lie within their bounds around the float64 result. */
    List<ConformanceCase> primitives() {
        return KernelSuite.primitives().stream()
                .map(suite -> over(
                        Group.PRIMITIVES,
                        suite,
                        suite.kernel().equals("gemm") ? Tally.PRODUCT_NMSE : Double.POSITIVE_INFINITY,
                        (tally, call) -> tally.within(call, bench.kernel(call), Oracle.of(call), 1)))
                .toList();
    }

    /**
     * A fused kernel and its definition on the same backend have the same bits in exact mode. Else both lie within the
     * bound around the truth, so they are at most two bounds apart.
     */
    List<ConformanceCase> fused() {
        return over(Group.FUSED, KernelSuite.fused(), (tally, call) -> {
            Outcome found = bench.kernel(call);
            Outcome defined = bench.definition(call);
            Oracle.Truth truth = Oracle.of(call);
            tally.within(call, found, new Oracle.Truth(widened(defined), truth.bounds()), 2);
            if (session.exact()) {
                tally.sameBits(call, found, defined, "its definition, on the same backend, gives");
            }
        });
    }

    private static List<double[]> widened(Outcome outcome) {
        List<double[]> result = new ArrayList<>();
        for (float[] content : outcome.contents()) {
            double[] values = new double[content.length];
            Arrays.setAll(values, i -> content[i]);
            result.add(values);
        }
        return result;
    }

    /** The same call gives the same bits, in fast mode too. */
    List<ConformanceCase> repeatability() {
        return over(Group.REPEATABILITY, KernelSuite.all(), (tally, call) -> {
            Outcome first = bench.kernel(call);
            for (int i = 1; i < REPETITIONS; i++) {
                tally.sameBits(call, bench.kernel(call), first, "the run before gave");
            }
        });
    }

    /** Inputs and everything around the operands stay as they were, and what lies around inputs is not used. */
    List<ConformanceCase> sentinels() {
        return over(Group.SENTINELS, KernelSuite.all(), (tally, call) -> {
            tally.looked();
            Outcome guarded = bench.guarded(call);
            Outcome plain = bench.kernel(call);
            for (Outcome outcome : List.of(guarded, plain)) {
                outcome.damage().forEach(damage -> tally.fail(call, damage));
            }
            tally.noNewNaN(call, guarded, plain, "with NaN around its inputs: it uses what lies beyond them");
        });
    }

    /** A destination that may be a source gives the same bits as one that is not. */
    List<ConformanceCase> aliasing() {
        Predicate<KernelSuite> aliasable = suite ->
                suite.calls(session.draws()).anyMatch(call -> !call.aliases().isEmpty());
        return over(
                Group.ALIASING,
                KernelSuite.all().stream().filter(aliasable).toList(),
                (tally, call) -> call.aliases().forEach(alias -> alias(tally, call, alias)));
    }

    /** A destination that is read as well begins with the content of the source. */
    private void alias(Tally tally, KernelCall call, KernelCall.Alias alias) {
        Operand source = call.operands().get(alias.source());
        Operand destination = call.operands().get(alias.destination());
        boolean updated = destination.role() == Operand.Role.UPDATED;
        KernelCall filled = call.with(operand ->
                updated && operand.name().equals(destination.name()) ? operand.with(source.values()) : operand);
        Outcome apart = bench.kernel(filled);
        tally.sameBits(
                filled,
                only(alias.destination(), bench.aliased(filled, alias), apart),
                apart,
                "without being " + source + " at the same time it is");
    }

    private static Outcome only(int operand, Outcome outcome, Outcome others) {
        List<float[]> contents = new ArrayList<>(others.contents());
        contents.set(operand, outcome.contents().get(operand));
        return new Outcome(contents, List.of());
    }

    /** Every kernel, with ordinary and with special values, has the bits of the reference. */
    List<ConformanceCase> exactness() {
        if (!session.exact()) {
            return List.of(new ConformanceCase(
                    Group.EXACTNESS,
                    "all kernels",
                    () -> Findings.skipped("In fast mode the backend does not claim the bits of the reference")));
        }
        List<KernelSuite> suites = new ArrayList<>(KernelSuite.all());
        suites.addAll(SpecialCalls.suites());
        return over(Group.EXACTNESS, suites, (tally, call) -> {
            try (ReferenceBackend reference = new ReferenceBackend()) {
                Outcome expected = new Bench(reference).kernel(call);
                tally.sameBits(call, bench.kernel(call), expected, "the reference gives");
            }
        });
    }
}
