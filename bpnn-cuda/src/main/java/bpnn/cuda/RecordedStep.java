package bpnn.cuda;

import bpnn.spi.Step;
import java.util.List;

/**
 * A training step as CUDA graphs. Its first run lets memory grow to what it needs; the second one is watched: if the host
 * then still takes memory, transfers or waits, the step is eager and always runs like that. Else the third run captures it,
 * and from there on one launch runs {@value #STEPS_AT_ONCE} steps, or one where fewer are left. When memory has been given
 * back since, which a graph may know by its address, the steps are captured anew.
 */
final class RecordedStep implements Step, AutoCloseable {
    static final int STEPS_AT_ONCE = 32;

    private enum Stage {
        FIRST,
        WATCHED,
        REPLAYED,
        EAGER
    }

    private final Gpu gpu;
    private final Runnable step;
    private final StepGraph one;
    private final StepGraph many;
    private Stage stage = Stage.FIRST;

    RecordedStep(Gpu gpu, Runnable step) {
        this.gpu = gpu;
        this.step = step;
        one = new StepGraph(gpu, step, 1);
        many = new StepGraph(gpu, step, STEPS_AT_ONCE);
    }

    @Override
    public void run(int times) {
        int left = times;
        while (left > 0) {
            left -= runSome(left);
        }
    }

    private int runSome(int most) {
        switch (stage) {
            case FIRST -> {
                step.run();
                stage = Stage.WATCHED;
            }
            case WATCHED -> {
                long before = gpu.hostWork();
                step.run();
                stage = gpu.hostWork() == before ? Stage.REPLAYED : Stage.EAGER;
            }
            case REPLAYED -> {
                StepGraph graph = most >= STEPS_AT_ONCE ? many : one;
                graph.launch();
                return graph.steps();
            }
            case EAGER -> step.run();
        }
        return 1;
    }

    /** Gives the graphs back. */
    @Override
    public void close() {
        List.of(one, many).forEach(StepGraph::close);
    }
}
