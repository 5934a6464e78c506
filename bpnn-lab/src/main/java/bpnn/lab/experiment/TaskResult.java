package bpnn.lab.experiment;

/** What a task brings. */
public sealed interface TaskResult permits TrainedRun, RateSweep {}
