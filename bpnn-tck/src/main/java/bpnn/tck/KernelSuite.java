package bpnn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A kernel and the calls that it is tried with.
 *
 * @param kernel its name, and where it has one, its operation
 * @param drawn makes them, the same each time
 */
record KernelSuite(String kernel, Function<Draws, Stream<KernelCall>> drawn) {
    /** The calls. */
    Stream<KernelCall> calls(Draws draws) {
        return drawn.apply(draws);
    }

    /** The seven primitives. */
    static List<KernelSuite> primitives() {
        List<KernelSuite> suites = new ArrayList<>();
        suites.add(GemmCalls.suite());
        suites.addAll(ElementwiseCalls.suites());
        suites.addAll(ReductionCalls.suites());
        return suites;
    }

    /** The kernels that have a definition made of primitives. */
    static List<KernelSuite> fused() {
        List<KernelSuite> suites = new ArrayList<>();
        suites.addAll(DenseCalls.suites());
        suites.addAll(BatchNormCalls.suites());
        suites.addAll(LossCalls.suites());
        suites.addAll(LayerCalls.suites());
        suites.addAll(UpdateCalls.suites());
        return suites;
    }

    /** Both. */
    static List<KernelSuite> all() {
        List<KernelSuite> suites = new ArrayList<>(primitives());
        suites.addAll(fused());
        return suites;
    }
}
