package bpnn.tck;

import bpnn.spi.FloatingPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What stands where ordinary numbers do not. */
final class SpecialValueCases {
    private static final Set<String> WITH_BETA = Set.of("gemm", "axpby");

    private final Session session;
    private final Bench bench;

    SpecialValueCases(Session session) {
        this.session = session;
        this.bench = session.bench();
    }

    List<ConformanceCase> cases() {
        List<ConformanceCase> cases = new ArrayList<>();
        KernelSuite.all().stream().filter(this::overwrites).forEach(suite -> cases.add(overwriting(suite)));
        SpecialCalls.elementwise().forEach(suite -> cases.add(met(suite.kernel(), suite, true)));
        SpecialCalls.sums().forEach(suite -> cases.add(met(suite.kernel(), suite, false)));
        KernelSuite subnormals = new KernelSuite("all primitives", SubnormalCalls::calls);
        cases.add(met("subnormals are kept", subnormals, false));
        cases.add(new ConformanceCase(
                Group.SPECIAL_VALUES, "the calling thread keeps subnormals", SpecialValueCases::threadKeepsSubnormals));
        return cases;
    }

    private boolean overwrites(KernelSuite suite) {
        return suite.calls(session.draws())
                .flatMap(call -> call.operands().stream())
                .anyMatch(SpecialValueCases::isOutput);
    }

    /** By now every kernel has run, so whatever they load and set up is there. */
    private static Findings threadKeepsSubnormals() {
        return FloatingPoint.keepsSubnormals()
                ? Findings.passed("as it should be")
                : Findings.failed("Since kernels ran, " + FloatingPoint.FAULT);
    }

    private static boolean isOutput(Operand operand) {
        return operand.role() == Operand.Role.OUTPUT;
    }

    /** An overwritten destination may hold anything before, NaN too: NaN · 0 is NaN, but β = 0 means not to read. */
    private ConformanceCase overwriting(KernelSuite suite) {
        String name = suite.kernel() + (WITH_BETA.contains(suite.kernel()) ? ": β = 0" : ":") + " overwrites NaN";
        return new ConformanceCase(Group.SPECIAL_VALUES, name, () -> {
            Tally tally = new Tally();
            suite.calls(session.draws())
                    .filter(call -> call.operands().stream().anyMatch(SpecialValueCases::isOutput))
                    .forEach(call -> {
                        tally.looked();
                        Outcome over = bench.kernel(call.with(SpecialValueCases::holdingNaN));
                        tally.noNewNaN(call, over, bench.kernel(call), "where its destination held NaN: it is read");
                    });
            return tally.findings();
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

    private ConformanceCase met(String name, KernelSuite suite, boolean signOfZero) {
        return new ConformanceCase(Group.SPECIAL_VALUES, name, () -> {
            Tally tally = new Tally();
            suite.calls(session.draws()).forEach(call -> {
                Outcome found = bench.kernel(call);
                Oracle.Truth truth = Oracle.of(call);
                tally.within(call, found, truth, 1);
                if (signOfZero) {
                    tally.signedZeros(call, found, truth);
                }
            });
            return tally.findings();
        });
    }
}
