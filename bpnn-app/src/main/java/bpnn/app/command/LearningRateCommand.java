package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.DataOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.NetworkOptions;
import bpnn.app.option.OutputCheck;
import bpnn.app.option.SplitOptions;
import bpnn.app.option.SweepOptions;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.chart.LearningRateChart;
import bpnn.data.DataException;
import bpnn.io.file.Word;
import bpnn.lab.run.RangeTest;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.mnist.DataSplit;
import bpnn.nn.DivergedException;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Suggests a learning rate. */
@Command(
        name = "lr-find",
        sortOptions = false,
        description = "Raises the learning rate from step to step of a short training, draws the losses, and suggests a"
                + " tenth of the rate where the loss is least.")
public final class LearningRateCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final SweepOptions sweep = new SweepOptions();

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final SplitOptions split = new SplitOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    public LearningRateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        split.check();
        Desktop.require("The picture of the losses");
        network.check();
        sweep.check();
        OutputCheck.file(sweep.out());
        try (Backend backend = backends.open(session)) {
            RunPlan plan = plan(data.load(session));
            find(backend, plan);
        }
        return ExitCode.DONE;
    }

    private void find(Backend backend, RunPlan plan) {
        try (TrainingRun run = new TrainingRun(backend, plan)) {
            int steps = sweep.steps(plan.images().train().size());
            RangeTest test = new RangeTest(sweep.from(), sweep.to(), steps, run::requestStop);
            try {
                run.train(test);
            } catch (DivergedException diverged) {
                session.notice(
                        "The loss left the finite numbers at step " + diverged.step() + ", which ends the test.");
            }
            if (test.rates().length == 0) {
                throw new DataException("The loss was not a number from the beginning; begin with a smaller rate by"
                        + " --from, or scale the inputs by --normalize.");
            }
            report(test);
        }
    }

    private RunPlan plan(DataSplit images) {
        RunPlan.Images divided = split.divide(images, session);
        InputScaling scaling = network.scaling(divided.train());
        return new RunPlan(
                network.spec(images.train().features(), images.train().classes()),
                new RunPlan.Start.Drawn(Initialiser.XAVIER),
                sweep.config(scaling, divided.train().size()),
                Word.of(sweep.optimizer()),
                Word.of(network.normalisation()),
                new RunPlan.Images(divided.train(), null, images.test(), images.trainSha256(), images.testSha256()),
                0);
    }

    private void report(RangeTest test) {
        LearningRateChart.write(sweep.out(), test.rates(), test.losses(), test.suggestion());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (test.suggestion().isPresent()) {
            json.put("suggestion", test.suggestion().getAsDouble());
        } else {
            json.putNull("suggestion").put("reason", test.doubt().orElse(""));
        }
        json.put("steepest", test.steepest()).put("valley", test.valley());
        json.put("picture", sweep.out().toString());
        ArrayNode rates = json.putArray("learningRates");
        ArrayNode losses = json.putArray("losses");
        for (int i = 0; i < test.rates().length; i++) {
            rates.add(test.rates()[i]);
            losses.add(test.losses()[i]);
        }
        session.result(text(test), json);
    }

    private String text(RangeTest test) {
        String suggestion = test.suggestion().isPresent()
                ? String.format(
                        Locale.ROOT,
                        "A learning rate of about %.2g is suggested, a tenth of where the loss is least.",
                        test.suggestion().getAsDouble())
                : "No learning rate is suggested: " + test.doubt().orElse("") + ".";
        return String.format(
                Locale.ROOT,
                "%s%nThe loss falls fastest at %.2g; the middle of its longest fall is %.2g. %d rates from %.2g to %.2g were"
                        + " tried.%nDrawn in %s",
                suggestion,
                test.steepest(),
                test.valley(),
                test.rates().length,
                test.rates()[0],
                test.rates()[test.rates().length - 1],
                sweep.out());
    }
}
