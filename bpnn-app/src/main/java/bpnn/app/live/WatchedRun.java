package bpnn.app.live;

import bpnn.data.Dataset;
import bpnn.lab.probe.NetworkView;
import bpnn.nn.EpochResult;
import bpnn.nn.TrainingListener;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** A training of this program that a page watches, as its listener. */
public final class WatchedRun implements ShownRun, TrainingListener {
    private final RunView view;
    private final Questions questions = new Questions();
    private final Looks looks;

    /**
     * @param network what is trained
     * @param judged the images that the training is judged by
     * @param watched whether anybody looks
     */
    public WatchedRun(RunView view, NetworkView network, Dataset judged, int batchSize, BooleanSupplier watched) {
        this.view = view;
        this.looks = new Looks(network, view, judged, batchSize, watched, questions);
        Looks.first(network, view);
        view.become(RunView.Status.RUNNING, null);
    }

    @Override
    public RunView view() {
        return view;
    }

    @Override
    public CompletableFuture<float[]> read(Dataset image) {
        if (view.status() != RunView.Status.RUNNING) {
            close();
        }
        return questions.ask(image);
    }

    @Override
    public boolean observes(long step) {
        return looks.observes(step);
    }

    @Override
    public void beforeStep(long step) {
        looks.beforeStep(step);
    }

    @Override
    public void afterStep(long step) {
        looks.afterStep(step);
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        looks.onSteps(epoch, firstStep, losses, stepsLeft);
    }

    @Override
    public void onEpoch(EpochResult result) {
        looks.onEpoch(result);
    }

    /** Its network cannot be asked any more. */
    @Override
    public void close() {
        questions.end();
    }
}
