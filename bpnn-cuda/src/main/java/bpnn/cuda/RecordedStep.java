package bpnn.cuda;

import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/**
 * A training step as a CUDA graph. Its first run lets memory grow to what it needs; the second one is watched: if the host
 * then still takes memory, transfers or waits, the step is none that could be replayed, and always runs as it is. Else the
 * third run captures it, and every run from there on is one launch. When memory has been given back since, which the graph
 * may know by its address, the step is captured anew.
 */
final class RecordedStep implements Runnable, AutoCloseable {
    private enum Stage {
        FIRST,
        WATCHED,
        REPLAYED,
        AS_IT_IS
    }

    private final Gpu gpu;
    private final Runnable step;
    private final CUgraph graph = new CUgraph();
    private final CUgraphExec executable = new CUgraphExec();
    private Stage stage = Stage.FIRST;
    private boolean captured;
    private long freedBefore;

    RecordedStep(Gpu gpu, Runnable step) {
        this.gpu = gpu;
        this.step = step;
    }

    @Override
    public void run() {
        switch (stage) {
            case FIRST -> {
                step.run();
                stage = Stage.WATCHED;
            }
            case WATCHED -> {
                long before = gpu.hostWork();
                step.run();
                stage = gpu.hostWork() == before ? Stage.REPLAYED : Stage.AS_IT_IS;
            }
            case REPLAYED -> replay();
            case AS_IT_IS -> step.run();
        }
    }

    /** Whether it is replayed as a graph. */
    boolean isReplayed() {
        return captured;
    }

    private void replay() {
        gpu.enter();
        if (!captured || freedBefore != gpu.freed()) {
            capture();
        }
        gpu.check(JCudaDriver.cuGraphLaunch(executable, gpu.stream()), "a step was launched");
    }

    private void capture() {
        close();
        gpu.check(
                JCudaDriver.cuStreamBeginCapture(gpu.stream(), CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
                "the capture of a step began");
        boolean complete = false;
        try {
            step.run();
            complete = true;
        } finally {
            int result = JCudaDriver.cuStreamEndCapture(gpu.stream(), graph);
            if (complete) {
                gpu.check(result, "a step was captured");
            } else if (result == CUDA_SUCCESS) {
                gpu.giveBack(JCudaDriver.cuGraphDestroy(graph));
            }
        }
        gpu.check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "a step was made a graph");
        freedBefore = gpu.freed();
        captured = true;
    }

    /** Gives the graph back. */
    @Override
    public void close() {
        if (captured) {
            captured = false;
            gpu.giveBack(JCudaDriver.cuGraphExecDestroy(executable));
            gpu.giveBack(JCudaDriver.cuGraphDestroy(graph));
        }
    }
}
