package bpnn.lab.experiment;

import java.util.List;

/**
 * A comparison of arms that differ in one trick. The first contender does without it, the second one uses it; more may
 * use it in other ways.
 *
 * @param id its name on the command line and in files: small letters, digits and hyphens
 * @param title its name for people
 * @param contenders at least two
 * @param sweepsRates whether it asks for the largest learning rate that still trains
 */
public record Experiment(String id, String title, List<Contender> contenders, boolean sweepsRates) {
    public Experiment {
        contenders = List.copyOf(contenders);
        if (contenders.size() < 2) {
            throw new IllegalArgumentException(
                    "An experiment compares at least two contenders, but \"" + id + "\" has " + contenders.size());
        }
    }

    /** An experiment that trains its contenders and sweeps no rates. */
    public static Experiment of(String id, String title, Contender... contenders) {
        return new Experiment(id, title, List.of(contenders), false);
    }

    /** The same with short trainings at many learning rates besides. */
    public Experiment sweepingRates() {
        return new Experiment(id, title, contenders, true);
    }
}
