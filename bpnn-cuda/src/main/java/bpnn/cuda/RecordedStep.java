package bpnn.cuda;

import bpnn.spi.Step;
import java.util.List;

/**
 * A training step as CUDA graphs. The first run lets scratch memory grow; the second is observed: if the host still
 * allocates, transfers or synchronises, the step stays eager. Otherwise the third run captures the step, and from then
 * on one launch runs {@value #STEPS_PER_GRAPH} steps, or one if fewer remain. If memory has been freed since, whose
 * address a graph may contain, the step is captured again.
 */
final class RecordedStep implements Step, AutoCloseable {
    static final int STEPS_PER_GRAPH = 32;

    private enum Stage {
        FIRST,
        OBSERVED,
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
        many = new StepGraph(gpu, step, STEPS_PER_GRAPH);
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
                stage = Stage.OBSERVED;
            }
            case OBSERVED -> {
                long before = gpu.hostWork();
                step.run();
                stage = gpu.hostWork() == before ? Stage.REPLAYED : Stage.EAGER;
            }
            case REPLAYED -> {
                StepGraph graph = most >= STEPS_PER_GRAPH ? many : one;
                graph.launch();
                return graph.steps();
            }
            case EAGER -> step.run();
        }
        return 1;
    }

    /** Destroys the graphs. */
    @Override
    public void close() {
        List.of(one, many).forEach(StepGraph::close);
    }
}
