package bpnn.cpu;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which {@link GemmCandidate} computes which kind of product. A kind says which operands are stored transposed: neither, as
 * in a forward pass; A, as for the gradient of weights; B, as for the gradient of inputs; or both.
 *
 * @param byKind a candidate for each kind
 */
record GemmPlan(List<GemmCandidate> byKind) {
    /** Number of kinds. */
    static final int KINDS = 4;

    /** The same candidate for every kind. */
    static GemmPlan of(GemmCandidate candidate) {
        return new GemmPlan(Collections.nCopies(KINDS, candidate));
    }

    /** The kind of a product. */
    static int kind(boolean transA, boolean transB) {
        return (transA ? 1 : 0) + (transB ? 2 : 0);
    }

    /** Methods by kind; a candidate chosen for several kinds is made once, since it has buffers. */
    GemmMethod[] methods(WorkerPool pool) {
        Map<GemmCandidate, GemmMethod> made = new IdentityHashMap<>();
        return byKind.stream()
                .map(candidate -> made.computeIfAbsent(
                        candidate, missing -> missing.create().apply(pool)))
                .toArray(GemmMethod[]::new);
    }
}
