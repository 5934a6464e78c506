package bpnn.tck;

import bpnn.spi.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The groups that run the calls of every kernel, one case per kernel. */
final class KernelCases {
    private static final int REPETITIONS = 3;

    private final Fixture fixture;
    private final CallRunner runner;

    KernelCases(Fixture fixture) {
        this.fixture = fixture;
        this.runner = fixture.runner();
    }

    private ConformanceCase over(
            Group group, KernelSuite suite, double maxNmse, BiConsumer<OutcomeChecker, KernelCall> check) {
        return new ConformanceCase(group, suite.kernel(), () -> {
            OutcomeChecker checker = new OutcomeChecker(maxNmse);
            suite.calls(fixture.generators()).forEach(call -> check.accept(checker, call));
            return checker.findings();
        });
    }

    private List<ConformanceCase> over(
            Group group, List<KernelSuite> suites, BiConsumer<OutcomeChecker, KernelCall> check) {
        return suites.stream()
                .map(suite -> over(group, suite, Double.POSITIVE_INFINITY, check))
                .toList();
    }

    /** Primitives are within their bounds of the float64 result. */
    List<ConformanceCase> primitives() {
        return KernelSuite.primitives().stream()
                .map(suite -> over(
                        Group.PRIMITIVES,
                        suite,
                        suite.kernel().equals("gemm") ? OutcomeChecker.PRODUCT_NMSE : Double.POSITIVE_INFINITY,
                        (checker, call) -> checker.checkBounds(call, runner.kernel(call), Oracle.of(call), 1)))
                .toList();
    }

    /**
     * A fused kernel and its definition on the same backend give the same bits in exact mode. Otherwise both are within
     * the bound of the true value, so they differ by at most two bounds.
     */
    List<ConformanceCase> fused() {
        return over(Group.FUSED, KernelSuite.fused(), (checker, call) -> {
            Outcome found = runner.kernel(call);
            Outcome defined = runner.definition(call);
            Oracle.Truth truth = Oracle.of(call);
            checker.checkBounds(call, found, new Oracle.Truth(widened(defined), truth.bounds()), 2);
            if (fixture.exact()) {
                checker.checkSameBits(call, found, defined, "its definition, on the same backend, gives");
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

    /** The same call always gives the same bits, in fast mode too. */
    List<ConformanceCase> repeatability() {
        return over(Group.REPEATABILITY, KernelSuite.all(), (checker, call) -> {
            Outcome first = runner.kernel(call);
            for (int i = 1; i < REPETITIONS; i++) {
                checker.checkSameBits(call, runner.kernel(call), first, "the run before gave");
            }
        });
    }

    /** Inputs and the surroundings of the operands are unchanged, and the surroundings of inputs are not used. */
    List<ConformanceCase> sentinels() {
        return over(Group.SENTINELS, KernelSuite.all(), (checker, call) -> {
            checker.countComparison();
            Outcome guarded = runner.guarded(call);
            Outcome plain = runner.kernel(call);
            for (Outcome outcome : List.of(guarded, plain)) {
                outcome.damage().forEach(damage -> checker.fail(call, damage));
            }
            checker.checkNoNewNaN(call, guarded, plain, "with NaN around its inputs: it uses what lies beyond them");
        });
    }

    /** An aliased destination gets the same bits as a separate one. */
    List<ConformanceCase> aliasing() {
        Predicate<KernelSuite> aliasable = suite -> suite.calls(fixture.generators())
                .anyMatch(call -> !call.aliases().isEmpty());
        return over(
                Group.ALIASING,
                KernelSuite.all().stream().filter(aliasable).toList(),
                (checker, call) -> call.aliases().forEach(alias -> alias(checker, call, alias)));
    }

    /** A destination that is also read starts with the content of the source. */
    private void alias(OutcomeChecker checker, KernelCall call, KernelCall.Alias alias) {
        Operand source = call.operands().get(alias.source());
        Operand destination = call.operands().get(alias.destination());
        boolean updated = destination.role() == Operand.Role.UPDATED;
        KernelCall filled = call.with(operand ->
                updated && operand.name().equals(destination.name()) ? operand.with(source.values()) : operand);
        Outcome apart = runner.kernel(filled);
        checker.checkSameBits(
                filled,
                only(alias.destination(), runner.aliased(filled, alias), apart),
                apart,
                "without being " + source + " at the same time it is");
    }

    private static Outcome only(int operand, Outcome outcome, Outcome others) {
        List<float[]> contents = new ArrayList<>(others.contents());
        contents.set(operand, outcome.contents().get(operand));
        return new Outcome(contents, List.of());
    }

    /** Every kernel gives the bits of the reference, with ordinary and special values. */
    List<ConformanceCase> exactness() {
        if (!fixture.exact()) {
            return List.of(new ConformanceCase(
                    Group.EXACTNESS,
                    "all kernels",
                    () -> Findings.skipped("In fast mode the backend does not claim the bits of the reference")));
        }
        List<KernelSuite> suites = new ArrayList<>(KernelSuite.all());
        suites.addAll(SpecialCalls.suites());
        return over(Group.EXACTNESS, suites, (checker, call) -> {
            try (ReferenceBackend reference = new ReferenceBackend()) {
                Outcome expected = new CallRunner(reference).kernel(call);
                checker.checkSameBits(call, runner.kernel(call), expected, "the reference gives");
            }
        });
    }
}
