package bpnn.lab.run;

import bpnn.data.Dataset;
import bpnn.nn.InputScaling;

/** How pixels become inputs. */
public enum Normalisation {
    NONE,
    UNIT,
    STANDARD;

    /** The scaling, with statistics of the training images where it needs them. */
    public InputScaling scaling(Dataset training) {
        return switch (this) {
            case NONE -> InputScaling.none();
            case UNIT -> InputScaling.unit();
            case STANDARD -> InputScaling.standard(training);
        };
    }
}
