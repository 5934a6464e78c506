package bpnn.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operations of a recorded step, put off until another kernel, a transfer or the end of the step needs them done, so
 * that those which belong together can be launched together. Outside of a recorded step nothing is put off.
 */
final class StepQueue {
    private final LayerKernels layers;
    private final StepKernels steps;
    private final List<Operation> putOff = new ArrayList<>();
    private boolean recording;

    StepQueue(LayerKernels layers, StepKernels steps) {
        this.layers = layers;
        this.steps = steps;
    }

    /** Runs a step, all of whose work has been asked for when this returns. */
    void run(Runnable step) {
        recording = true;
        try {
            step.run();
            launch();
        } finally {
            recording = false;
            putOff.clear();
        }
    }

    void add(Operation operation) {
        if (recording) {
            putOff.add(operation);
        } else {
            operation.launch(layers);
        }
    }

    /** Launches what was put off. */
    void launch() {
        if (putOff.isEmpty()) {
            return;
        }
        List<Operation> operations = List.copyOf(putOff);
        putOff.clear();
        Optional<TrainingStep> step = TrainingStep.in(operations);
        step.ifPresent(steps::launch);
        operations
                .subList(step.map(TrainingStep::operations).orElse(0), operations.size())
                .forEach(operation -> operation.launch(layers));
    }
}
