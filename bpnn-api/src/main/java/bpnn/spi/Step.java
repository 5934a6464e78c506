package bpnn.spi;

/** A training step that can be run again and again; see {@link Backend#record}. */
@FunctionalInterface
public interface Step {
    /** Runs it {@code times} times, one after another. */
    void run(int times);

    /** The step as it is, one run after another. */
    static Step eager(Runnable step) {
        return times -> {
            for (int i = 0; i < times; i++) {
                step.run();
            }
        };
    }
}
