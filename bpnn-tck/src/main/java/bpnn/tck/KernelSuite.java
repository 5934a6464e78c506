package bpnn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A kernel and its test calls.
 *
 * @param kernel its name and, if it has one, its operation
 * @param callMaker creates the calls, the same each time
 */
record KernelSuite(String kernel, Function<OperandGenerators, Stream<KernelCall>> callMaker) {
    /** The test calls. */
    Stream<KernelCall> calls(OperandGenerators generators) {
        return callMaker.apply(generators);
    }

    /** The seven primitives. */
    static List<KernelSuite> primitives() {
        List<KernelSuite> suites = new ArrayList<>();
        suites.add(GemmCalls.suite());
        suites.addAll(ElementwiseCalls.suites());
        suites.addAll(ReductionCalls.suites());
        return suites;
    }

    /** The kernels that are defined in terms of primitives. */
    static List<KernelSuite> fused() {
        List<KernelSuite> suites = new ArrayList<>();
        suites.addAll(DenseCalls.suites());
        suites.addAll(BatchNormCalls.suites());
        suites.addAll(LossCalls.suites());
        suites.addAll(LayerCalls.suites());
        suites.add(AugmentationCalls.suite());
        suites.addAll(UpdateCalls.suites());
        return suites;
    }

    /** Primitives and fused kernels. */
    static List<KernelSuite> all() {
        List<KernelSuite> suites = new ArrayList<>(primitives());
        suites.addAll(fused());
        return suites;
    }
}
