package bpnn.lab.run;

import bpnn.nn.TrainingListener;
import bpnn.spi.FloatingPoint;
import java.util.function.Consumer;

/** Checks after the first steps that the training thread still keeps subnormals. */
public final class SubnormalWatch implements TrainingListener {
    private final Consumer<String> warning;
    private boolean looked;

    /** @param warning called if it does not */
    public SubnormalWatch(Consumer<String> warning) {
        this.warning = warning;
        // What was so before is not the steps' doing, and has been told.
        this.looked = !FloatingPoint.keepsSubnormals();
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        if (!looked && !FloatingPoint.keepsSubnormals()) {
            warning.accept("Since the first training steps, " + FloatingPoint.FAULT
                    + ". Results may differ in bits from those of other backends.");
        }
        looked = true;
    }
}
