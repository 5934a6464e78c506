package bpnn.lab.comparison;

/** The parts of a training step, in the order in which they happen. */
public enum StepPhase {
    DATA,
    FORWARD,
    BACKWARD,
    UPDATE
}
