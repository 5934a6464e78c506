package bpnn.lab.experiment;

/**
 * An arm in an experiment.
 *
 * @param arm how it is trained
 * @param label what it is called there
 */
public record Contender(Arm arm, String label) {}
