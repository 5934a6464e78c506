package bpnn.tck;

import bpnn.spi.FloatingPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** NaN, infinity, signed zeros and subnormals. */
final class SpecialValueCases {
    private static final Set<String> WITH_BETA = Set.of("gemm", "axpby");

    private final Fixture fixture;
    private final CallRunner runner;

    SpecialValueCases(Fixture fixture) {
        this.fixture = fixture;
        this.runner = fixture.runner();
    }

    List<ConformanceCase> cases() {
        List<ConformanceCase> cases = new ArrayList<>();
        KernelSuite.all().stream().filter(this::overwrites).forEach(suite -> cases.add(overwriting(suite)));
        SpecialCalls.elementwise().forEach(suite -> cases.add(specialValues(suite.kernel(), suite, true)));
        SpecialCalls.sums().forEach(suite -> cases.add(specialValues(suite.kernel(), suite, false)));
        KernelSuite subnormals = new KernelSuite("all primitives", SubnormalCalls::calls);
        cases.add(specialValues("subnormals are kept", subnormals, false));
        cases.add(new ConformanceCase(
                Group.SPECIAL_VALUES, "the calling thread keeps subnormals", SpecialValueCases::threadKeepsSubnormals));
        return cases;
    }

    private boolean overwrites(KernelSuite suite) {
        return suite.calls(fixture.generators())
                .flatMap(call -> call.operands().stream())
                .anyMatch(SpecialValueCases::isOutput);
    }

    /** By now every kernel has run and loaded its native libraries. */
    private static Findings threadKeepsSubnormals() {
        return FloatingPoint.keepsSubnormals()
                ? Findings.passed("as it should be")
                : Findings.failed("Since kernels ran, " + FloatingPoint.FAULT);
    }

    private static boolean isOutput(Operand operand) {
        return operand.role() == Operand.Role.OUTPUT;
    }

    /** An overwritten destination may contain NaN: NaN · 0 is NaN, but β = 0 means that it is not read. */
    private ConformanceCase overwriting(KernelSuite suite) {
        String name = suite.kernel() + (WITH_BETA.contains(suite.kernel()) ? ": β = 0" : ":") + " overwrites NaN";
        return new ConformanceCase(Group.SPECIAL_VALUES, name, () -> {
            OutcomeChecker checker = new OutcomeChecker();
            suite.calls(fixture.generators())
                    .filter(call -> call.operands().stream().anyMatch(SpecialValueCases::isOutput))
                    .forEach(call -> {
                        checker.countComparison();
                        Outcome over = runner.kernel(call.with(SpecialValueCases::holdingNaN));
                        checker.checkNoNewNaN(
                                call, over, runner.kernel(call), "where its destination held NaN: it is read");
                    });
            return checker.findings();
        });
    }

    private static Operand holdingNaN(Operand operand) {
        if (!isOutput(operand)) {
            return operand;
        }
        float[] values = new float[operand.size()];
        Arrays.fill(values, Float.NaN);
        return operand.with(values);
    }

    private ConformanceCase specialValues(String name, KernelSuite suite, boolean signOfZero) {
        return new ConformanceCase(Group.SPECIAL_VALUES, name, () -> {
            OutcomeChecker checker = new OutcomeChecker();
            suite.calls(fixture.generators()).forEach(call -> {
                Outcome found = runner.kernel(call);
                Oracle.Truth truth = Oracle.of(call);
                checker.checkBounds(call, found, truth, 1);
                if (signOfZero) {
                    checker.checkSignedZeros(call, found, truth);
                }
            });
            return checker.findings();
        });
    }
}
