package bpnn.report;

/** Something that is said about effect or cause, and how an experiment's runs judge it. */
@FunctionalInterface
public interface Claim {
    /** What the runs show, and what that means for the claim. */
    Finding judge(Evidence evidence);
}
