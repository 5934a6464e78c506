package bpnn.app.option;

/** Whose weights stay when a sweep's runs are finished. */
public enum KeptWeights {
    /** Those of all runs. */
    ALL,
    /** Those of the best trial's runs. */
    BEST,
    /** None. */
    NONE
}
