package bpnn.lab.work;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;

/**
 * One of many runs, which needs nothing from the others.
 *
 * @param name its own among all, and that of its folder
 * @param content what it is, as its {@link WorkHandler} understands it
 * @param avoided names of workers that must not carry it out
 */
public record WorkItem(String name, String content, Set<String> avoided) implements Serializable {
    private static final long serialVersionUID = 1;

    public WorkItem {
        avoided = Set.copyOf(avoided);
    }

    /** One that any worker may carry out. */
    public WorkItem(String name, String content) {
        this(name, content, Set.of());
    }

    /** The same, but not to be carried out by these workers either. */
    public WorkItem avoiding(Set<String> workers) {
        Set<String> all = new HashSet<>(avoided);
        all.addAll(workers);
        return new WorkItem(name, content, all);
    }
}
