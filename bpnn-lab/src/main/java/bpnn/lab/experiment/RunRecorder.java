package bpnn.lab.experiment;

import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Records the curves of a training. */
final class RunRecorder implements TrainingListener {
    /** Parts of the first epoch whose mean losses are kept. */
    static final int PARTS = 20;

    private final Supplier<Evaluation> fitted;
    private final List<Float> firstLosses = new ArrayList<>();
    private final List<EpochFigures> epochs = new ArrayList<>();

    /** @param fitted evaluates the network on a sample of the training images */
    RunRecorder(Supplier<Evaluation> fitted) {
        this.fitted = fitted;
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        if (epoch == 1) {
            for (float loss : losses) {
                firstLosses.add(loss);
            }
        }
    }

    @Override
    public void onEpoch(EpochResult result) {
        Evaluation sample = fitted.get();
        @Nullable Evaluation validation = result.validation();
        epochs.add(new EpochFigures(
                result.epoch(),
                result.trainLoss(),
                sample.loss(),
                sample.accuracy(),
                validation == null ? Double.NaN : validation.loss(),
                validation == null ? Double.NaN : validation.accuracy()));
    }

    /** The first epoch in equal parts; fewer if it has fewer steps. */
    List<Double> firstEpoch() {
        int parts = Math.min(PARTS, firstLosses.size());
        List<Double> means = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int from = (int) ((long) part * firstLosses.size() / parts);
            int to = (int) ((long) (part + 1) * firstLosses.size() / parts);
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += firstLosses.get(i);
            }
            means.add(sum / (to - from));
        }
        return means;
    }

    List<EpochFigures> epochs() {
        return List.copyOf(epochs);
    }
}
