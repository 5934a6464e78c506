package bpnn.cpu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which {@link GemmCandidate} computes which class of products. A class says which operands are stored transposed (neither,
 * as in a forward pass; A, as for the gradient of weights; B, as for the gradient of inputs; or both) and whether a
 * dimension is small, so that packed operands are used too seldom to pay.
 *
 * @param byClass a candidate for each class
 */
record GemmPlan(List<GemmCandidate> byClass) {
    /** Number of classes. */
    static final int CLASSES = 8;
    /** A dimension below this is small. */
    static final int SMALL = 64;

    private static final int KINDS = CLASSES / 2;

    /** The same candidate for all products. */
    static GemmPlan of(GemmCandidate candidate) {
        return of(candidate, candidate);
    }

    /** A candidate for large products, and one for those with a small dimension. */
    static GemmPlan of(GemmCandidate large, GemmCandidate small) {
        List<GemmCandidate> byClass = new ArrayList<>(Collections.nCopies(KINDS, large));
        byClass.addAll(Collections.nCopies(KINDS, small));
        return new GemmPlan(List.copyOf(byClass));
    }

    /** The class of a product of m rows, n columns and inner dimension k. */
    static int classOf(boolean transA, boolean transB, int m, int n, int k) {
        boolean small = Math.min(m, Math.min(n, k)) < SMALL;
        return (transA ? 1 : 0) + (transB ? 2 : 0) + (small ? KINDS : 0);
    }

    /** Methods by class; a candidate chosen for several is made once, since it has buffers. */
    GemmMethod[] methods(WorkerPool pool) {
        Map<GemmCandidate, GemmMethod> made = new IdentityHashMap<>();
        return byClass.stream()
                .map(candidate -> made.computeIfAbsent(
                        candidate, missing -> missing.create().apply(pool)))
                .toArray(GemmMethod[]::new);
    }
}
