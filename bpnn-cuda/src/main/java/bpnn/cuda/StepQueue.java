package bpnn.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The deferred operations of a recorded step, launched when another kernel, a transfer or the end of the step needs
 * their results, so that they can be fused. Outside a recorded step nothing is deferred.
 */
final class StepQueue {
    private final LayerKernels layers;
    private final StepKernels steps;
    private final List<Operation> pending = new ArrayList<>();
    private boolean recording;

    StepQueue(LayerKernels layers, StepKernels steps) {
        this.layers = layers;
        this.steps = steps;
    }

    /** Runs a step; on return all its work has been queued. */
    void run(Runnable step) {
        recording = true;
        try {
            step.run();
            launch();
        } finally {
            recording = false;
            pending.clear();
        }
    }

    void add(Operation operation) {
        if (recording) {
            pending.add(operation);
        } else {
            operation.launch(layers);
        }
    }

    /** Launches the pending operations. */
    void launch() {
        if (pending.isEmpty()) {
            return;
        }
        List<Operation> operations = List.copyOf(pending);
        pending.clear();
        Optional<TrainingStep> step = TrainingStep.in(operations);
        step.ifPresent(steps::launch);
        operations
                .subList(step.map(TrainingStep::operations).orElse(0), operations.size())
                .forEach(operation -> operation.launch(layers));
    }
}
