package bpnn.spi;

/** A training step prepared for repeated execution; see {@link Backend#record}. */
@FunctionalInterface
public interface Step {
    /** Runs the step {@code times} times in sequence. */
    void run(int times);

    /** A step that is run eagerly, without recording. */
    static Step eager(Runnable step) {
        return times -> {
            for (int i = 0; i < times; i++) {
                step.run();
            }
        };
    }
}
