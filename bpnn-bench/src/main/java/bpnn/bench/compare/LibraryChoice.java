package bpnn.bench.compare;

import bpnn.bench.FmaPeak;
import bpnn.bench.Workload;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a library is fastest here: OpenBLAS does not always choose the best of its kernels, its waiting threads can be in the
 * way of OpenMP's, and what PyTorch compiles is not always faster.
 */
final class LibraryChoice {
    private static final int IMAGES = 12_000;
    private static final int ROUNDS = 3;
    private static final String OWN_CHOICE = "";
    private static final List<String> CORES = List.of(OWN_CHOICE, "SkylakeX", "Cooperlake", "Zen", "Haswell");
    /** Threads wait for 2 to the power of this many cycles before they sleep; without it, of 26. */
    private static final List<String> WAITS = List.of(OWN_CHOICE, "4");

    private LibraryChoice() {}

    /** Tries two kinds of kernels: for a library so slow that more would take too long. */
    static Yardstick faster(Yardstick yardstick, Workload workload, FmaPeak peak, Path logs) {
        return fastest(
                CORES.stream().limit(2).map(core -> yardstick.in(variables(workload.threads(), core, OWN_CHOICE))),
                workload,
                peak,
                logs);
    }

    /** Tries all kernels, then the times that threads wait. */
    static Yardstick fastest(Yardstick yardstick, Workload workload, FmaPeak peak, Path logs) {
        Workload part = workload.withCount(Math.min(IMAGES, workload.count()));
        Yardstick core = fastest(
                CORES.stream().map(name -> yardstick.in(variables(workload.threads(), name, OWN_CHOICE))),
                part,
                peak,
                logs);
        String best = core.environment().getOrDefault("OPENBLAS_CORETYPE", OWN_CHOICE);
        return fastest(
                WAITS.stream().map(wait -> yardstick.in(variables(workload.threads(), best, wait))), part, peak, logs);
    }

    /** Tries PyTorch as it is, with threads that wait passively, and with its compiler, which does not work everywhere. */
    static Yardstick fastestMode(Yardstick pyTorch, Workload workload, FmaPeak peak, Path logs) {
        Yardstick passive = pyTorch.in(Map.of("OMP_WAIT_POLICY", "passive"));
        try {
            return fastest(Stream.of(pyTorch, passive, pyTorch.with("--compile")), workload, peak, logs);
        } catch (IllegalStateException e) {
            System.err.println("  without torch.compile: " + e.getMessage());
            return fastest(Stream.of(pyTorch, passive), workload, peak, logs);
        }
    }

    private static Yardstick fastest(Stream<Yardstick> yardsticks, Workload workload, FmaPeak peak, Path logs) {
        List<Yardstick> candidates = yardsticks.toList();
        InterleavedRun run = InterleavedRun.run(
                candidates.stream()
                        .map(candidate -> Contender.other(candidate, workload))
                        .toList(),
                ROUNDS,
                peak,
                logs);
        Yardstick best = candidates.get(0);
        double least = Double.MAX_VALUE;
        for (int i = 0; i < candidates.size(); i++) {
            double seconds = run.seconds(i, workload.count()).median();
            System.err.printf(
                    "  %s: %.3f s with %s%n",
                    candidates.get(i).name(), seconds, candidates.get(i).environment());
            if (seconds < least) {
                least = seconds;
                best = candidates.get(i);
            }
        }
        return best;
    }

    private static Map<String, String> variables(int threads, String core, String wait) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("OMP_NUM_THREADS", Integer.toString(threads));
        variables.put("OMP_WAIT_POLICY", "passive");
        if (!core.isEmpty()) {
            variables.put("OPENBLAS_CORETYPE", core);
        }
        if (!wait.isEmpty()) {
            variables.put("OPENBLAS_THREAD_TIMEOUT", wait);
        }
        return variables;
    }
}
