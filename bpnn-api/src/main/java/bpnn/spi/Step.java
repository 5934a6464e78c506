package bpnn.spi;

/** A training step that can be run again and again; see {@link Backend#record}. */
@FunctionalInterface
public interface Step {
    /** Runs it {@code times} times, one after another. */
    void run(int times);
}
