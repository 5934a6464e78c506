package bpnn.app.option;

import bpnn.app.session.Session;
import bpnn.io.file.Word;
import bpnn.lab.run.RunPlan;
import bpnn.mnist.DataSplit;
import picocli.CommandLine.Mixin;

/** Everything that decides a training but for the backend. */
public final class PlanOptions {
    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final SplitOptions split = new SplitOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Mixin
    private final TrainingOptions training = new TrainingOptions();

    /** How to train. */
    public TrainingOptions training() {
        return training;
    }

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        split.check();
        network.check();
        training.check();
    }

    /** Loads the images and plans the training. */
    public RunPlan plan(Session session) {
        DataSplit images = data.load(session);
        RunPlan.Images divided = split.divide(images, session);
        training.checkValidation(divided.validation() != null);
        RunPlan plan = new RunPlan(
                network.spec(images.train().features(), images.train().classes()),
                training.start(),
                training.config(network.scaling(divided.train())),
                Word.of(training.optimizer()),
                Word.of(network.normalisation()),
                divided,
                training.logSteps());
        return training.calibrate() ? plan.withCalibration() : plan;
    }
}
