package bpnn.cuda;

import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/** Several steps as one CUDA graph, captured at the first launch. */
final class StepGraph implements AutoCloseable {
    private final Gpu gpu;
    private final Runnable step;
    private final int steps;
    private final CUgraph graph = new CUgraph();
    private final CUgraphExec executable = new CUgraphExec();
    private boolean captured;
    private long freedAtCapture;

    StepGraph(Gpu gpu, Runnable step, int steps) {
        this.gpu = gpu;
        this.step = step;
        this.steps = steps;
    }

    int steps() {
        return steps;
    }

    void launch() {
        gpu.flush();
        gpu.enter();
        if (!captured || freedAtCapture != gpu.freed()) {
            capture();
        }
        gpu.check(JCudaDriver.cuGraphLaunch(executable, gpu.stream()), "a step was launched");
    }

    private void capture() {
        close();
        gpu.check(
                JCudaDriver.cuStreamBeginCapture(gpu.stream(), CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
                "the capture of a step was started");
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
                gpu.release(JCudaDriver.cuGraphDestroy(graph));
            }
        }
        gpu.check(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "a graph was instantiated");
        freedAtCapture = gpu.freed();
        captured = true;
    }

    @Override
    public void close() {
        if (captured) {
            captured = false;
            gpu.release(JCudaDriver.cuGraphExecDestroy(executable));
            gpu.release(JCudaDriver.cuGraphDestroy(graph));
        }
    }
}
