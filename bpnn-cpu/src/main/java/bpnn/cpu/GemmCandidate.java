package bpnn.cpu;

import java.util.function.Function;

/**
 * One of the ways to compute a GEMM that suit an arithmetic.
 *
 * @param name for display, and where a choice is kept
 * @param create makes it for the threads of a pool
 */
record GemmCandidate(String name, Function<WorkerPool, GemmMethod> create) {}
