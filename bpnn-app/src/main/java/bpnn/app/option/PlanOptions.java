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
        return plan(images(session));
    }

    /** Loads the images. */
    public RunPlan.Images images(Session session) {
        DataSplit images = data.load(session);
        return split.divide(images, session);
    }

    /** Plans the training on images that were loaded by the same options. */
    public RunPlan plan(RunPlan.Images images) {
        training.checkValidation(images.validation() != null);
        RunPlan plan = new RunPlan(
                network.spec(images.train().features(), images.train().classes()),
                training.start(),
                training.config(network.scaling(images.train())),
                Word.of(training.optimizer()),
                Word.of(network.normalisation()),
                images,
                training.logSteps());
        return training.calibrate() ? plan.withCalibration() : plan;
    }
}
