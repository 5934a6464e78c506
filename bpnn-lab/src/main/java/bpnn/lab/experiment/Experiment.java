package bpnn.lab.experiment;

import java.util.List;
import java.util.Locale;

/** A comparison of arms that differ in one trick. The first contender does without it, the second one uses it. */
public enum Experiment {
    SCALING(
            "Input scaling",
            new Contender(Arm.RAW, "raw 0 to 255"),
            new Contender(Arm.UNIT, "pixels / 255"),
            new Contender(Arm.STANDARD, "standardised")),
    DROPOUT("Dropout", new Contender(Arm.UNIT, "no dropout"), new Contender(Arm.DROPOUT, "dropout 0.3")),
    BATCH_NORM(
            "Batch normalisation",
            new Contender(Arm.SGD, "no batch norm"),
            new Contender(Arm.BATCH_NORM, "batch norm"));

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
    private final List<Contender> contenders;

    Experiment(String title, Contender... contenders) {
        this.title = title;
        this.contenders = List.of(contenders);
    }

    /** Its name on the command line and in files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String title() {
        return title;
    }

    public List<Contender> contenders() {
        return contenders;
    }

    /** Whether it asks for the largest learning rate that still trains. */
    public boolean sweepsRates() {
        return this == BATCH_NORM;
    }
}
