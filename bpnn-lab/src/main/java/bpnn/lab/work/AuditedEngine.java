package bpnn.lab.work;

import bpnn.io.file.FileTree;
import bpnn.lab.audit.SegmentSample;
import bpnn.spi.BackendException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a share of what workers carry out on other workers, and compares what came out. Where two differ, this process
 * computes the item too; whoever differs from it has everything taken away that it carried out, and is given nothing more.
 */
public final class AuditedEngine implements WorkEngine {
    private static final long DRAW_SEED = 1;

    private final ClusterEngine cluster;
    private final double share;
    private final Supplier<? extends WorkHandler> referee;
    private final Consumer<String> notices;
    private final Consumer<String> warnings;
    private final Set<String> distrusted = new TreeSet<>();
    private volatile @Nullable LocalEngine judging;
    private volatile boolean stopRequested;

    /**
     * @param cluster carries items out
     * @param share of the items that are repeated, in (0, 1]
     * @param referee opens a handler in this process
     * @param notices takes a sentence on what was repeated
     * @param warnings takes a sentence for each worker that is wrong
     */
    public AuditedEngine(
            ClusterEngine cluster,
            double share,
            Supplier<? extends WorkHandler> referee,
            Consumer<String> notices,
            Consumer<String> warnings) {
        this.cluster = cluster;
        this.share = share;
        this.referee = referee;
        this.notices = notices;
        this.warnings = warnings;
    }

    @Override
    public boolean run(@Nullable Path folder, List<WorkItem> items, Consumer<WorkResult> finished) {
        if (folder == null) {
            // Nothing is kept that could be wrong.
            return cluster.run(null, items, finished);
        }
        List<WorkItem> wanted = items;
        while (!wanted.isEmpty()) {
            Map<String, WorkResult> results = new LinkedHashMap<>();
            List<WorkItem> trusted =
                    wanted.stream().map(item -> item.avoiding(distrusted)).toList();
            if (!cluster.run(folder, trusted, result -> {
                results.put(result.item().name(), result);
                finished.accept(result);
            })) {
                return false;
            }
            Set<String> wrong = new TreeSet<>();
            if (!audit(trusted, results, wrong)) {
                return false;
            }
            distrusted.addAll(wrong);
            wanted = trusted.stream()
                    .filter(item -> wrong.contains(worker(results, item)))
                    .toList();
            discard(folder, wanted);
        }
        return true;
    }

    /** Finds workers whose results are wrong; false if it was asked to stop. */
    private boolean audit(List<WorkItem> items, Map<String, WorkResult> results, Set<String> wrong) {
        List<WorkItem> drawn =
                draw(items.stream()
                                .filter(item -> outcome(results, item).failure() == null)
                                .toList())
                        .stream()
                        .map(item -> elsewhere(item, worker(results, item)))
                        .toList();
        if (drawn.isEmpty()) {
            return true;
        }
        List<WorkResult> doubted = new ArrayList<>();
        Map<String, WorkResult> repeated = new HashMap<>();
        Set<String> same = new TreeSet<>();
        int[] unlike = {0};
        if (!cluster.run(null, drawn, again -> {
            WorkResult first = Objects.requireNonNull(results.get(again.item().name()));
            if (again.worker().equals(first.worker())) {
                same.add(first.worker());
            }
            if (!isComparable(first, again)) {
                unlike[0]++;
            } else if (!again.outcome().digest().equals(first.outcome().digest())) {
                doubted.add(first);
                repeated.put(again.item().name(), again);
            }
        })) {
            return false;
        }
        notices.accept(words(drawn.size(), doubted.size(), unlike[0], same));
        return doubted.isEmpty() || judge(doubted, repeated, wrong);
    }

    /** Fast arithmetic promises the same bits on the same device alone. */
    private static boolean isComparable(WorkResult one, WorkResult other) {
        Computer here = one.outcome().computer();
        Computer there = other.outcome().computer();
        return (here.isExact() && there.isExact()) || here.equals(there);
    }

    private static String words(int drawn, int doubted, int unlike, Set<String> same) {
        return "Audit: " + drawn + (drawn == 1 ? " run" : " runs") + " repeated, "
                + (doubted == 0 ? "all with the same bits" : doubted + " with other bits")
                + (unlike == 0
                        ? ""
                        : "; " + unlike
                                + " of them cannot be compared, because fast arithmetic on different devices may"
                                + " differ")
                + (same.isEmpty()
                        ? "."
                        : "; " + String.join(", ", same)
                                + " repeated runs of its own, because there was no other worker.");
    }

    private List<WorkItem> draw(List<WorkItem> items) {
        int count = (int) Math.ceil(share * items.size());
        return SegmentSample.draw(count, items.size(), DRAW_SEED).stream()
                .map(items::get)
                .toList();
    }

    /** On another worker than its own, if there is one that is trusted. */
    private WorkItem elsewhere(WorkItem item, String own) {
        Set<String> others = new TreeSet<>(cluster.workers());
        others.removeAll(item.avoided());
        others.remove(own);
        return others.isEmpty() ? item : item.avoiding(Set.of(own));
    }

    private static String worker(Map<String, WorkResult> results, WorkItem item) {
        return result(results, item).worker();
    }

    private static WorkOutcome outcome(Map<String, WorkResult> results, WorkItem item) {
        return result(results, item).outcome();
    }

    private static WorkResult result(Map<String, WorkResult> results, WorkItem item) {
        return Objects.requireNonNull(results.get(item.name()));
    }

    /** Computes what two workers do not agree on. */
    private boolean judge(List<WorkResult> doubted, Map<String, WorkResult> repeated, Set<String> wrong) {
        Map<String, WorkResult> first = new HashMap<>();
        doubted.forEach(result -> first.put(result.item().name(), result));
        Set<String> named = new HashSet<>();
        try (LocalEngine local = new LocalEngine(1, referee)) {
            judging = local;
            if (stopRequested) {
                return false;
            }
            return local.run(null, doubted.stream().map(WorkResult::item).toList(), own -> {
                String name = own.item().name();
                WorkResult one = result(first, own.item());
                WorkResult other = result(repeated, own.item());
                boolean oneIsRight = isRight(one, own);
                boolean otherIsRight = isRight(other, own);
                if (!oneIsRight && !otherIsRight) {
                    throw new BackendException("The run " + name + " has other bits on " + one.worker() + ", on "
                            + other.worker() + " and here, so that none can be trusted; ./bpnn verify tells whether a"
                            + " backend is right on a machine.");
                }
                WorkResult bad = oneIsRight ? other : one;
                wrong.add(bad.worker());
                if (named.add(bad.worker())) {
                    warnings.accept("Worker " + bad.worker() + " computes wrongly: for " + name + " it gives "
                            + bad.outcome().digest() + ", but "
                            + (oneIsRight ? one : other).worker() + " and this machine give "
                            + own.outcome().digest() + ". Its runs are repeated elsewhere.");
                }
            });
        } finally {
            judging = null;
        }
    }

    private static boolean isRight(WorkResult result, WorkResult own) {
        return result.outcome().digest().equals(own.outcome().digest());
    }

    /** So that a sweep that is killed now does not believe them when it goes on. */
    private static void discard(Path folder, List<WorkItem> items) {
        try {
            for (WorkItem item : items) {
                FileTree.remove(folder.resolve(item.name()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A run could not be removed", e);
        }
    }

    @Override
    public void requestStop() {
        stopRequested = true;
        cluster.requestStop();
        LocalEngine local = judging;
        if (local != null) {
            local.requestStop();
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
