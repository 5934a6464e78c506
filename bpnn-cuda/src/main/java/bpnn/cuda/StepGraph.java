package bpnn.cuda;

import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/** A number of steps as one CUDA graph, captured when it is first launched. */
final class StepGraph implements AutoCloseable {
    private final Gpu gpu;
    private final Runnable step;
    private final int steps;
    private final CUgraph graph = new CUgraph();
    private final CUgraphExec executable = new CUgraphExec();
    private boolean captured;
    private long freedBefore;

    StepGraph(Gpu gpu, Runnable step, int steps) {
        this.gpu = gpu;
        this.step = step;
        this.steps = steps;
    }

    int steps() {
        return steps;
    }

    void launch() {
        gpu.settle();
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
            for (int i = 0; i < steps; i++) {
                step.run();
            }
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

    @Override
    public void close() {
        if (captured) {
            captured = false;
            gpu.giveBack(JCudaDriver.cuGraphExecDestroy(executable));
            gpu.giveBack(JCudaDriver.cuGraphDestroy(graph));
        }
    }
}
