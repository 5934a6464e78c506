package bpnn.lab.experiment;

import bpnn.nn.TrainingListener;

/** Remembers the losses of the latest steps. */
final class RecentLosses implements TrainingListener {
    private final float[] ring;
    private long count;

    RecentLosses(int size) {
        this.ring = new float[size];
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        for (float loss : losses) {
            ring[(int) (count++ % ring.length)] = loss;
        }
    }

    /** Their mean; NaN before the first step. */
    double mean() {
        int filled = (int) Math.min(count, ring.length);
        double sum = 0;
        for (int i = 0; i < filled; i++) {
            sum += ring[i];
        }
        return sum / filled;
    }
}
