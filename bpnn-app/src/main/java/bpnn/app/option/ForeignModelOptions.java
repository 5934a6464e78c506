package bpnn.app.option;

import bpnn.app.session.Session;
import bpnn.io.model.Model;
import bpnn.lab.run.Normalisation;
import bpnn.mnist.MnistStatistics;
import bpnn.nn.ActivationFunction;
import bpnn.nn.InputScaling;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a user knows of a network whose file, written by another program, does not say it. */
public final class ForeignModelOptions {
    @Option(
            names = "--activation",
            paramLabel = "tanh|relu|sigmoid|leaky-relu|gelu|silu",
            description = "Non-linearity of the hidden layers, where the model's file does not say it.")
    private @Nullable ActivationFunction activation;

    @Option(
            names = "--normalize",
            paramLabel = "none|unit|standard",
            description =
                    "How pixels become inputs, where the model's file does not say it: none: as they are, 0 to 255; unit:"
                            + " divided by 255; standard: mean 0 and variance 1 over MNIST's training images.")
    private @Nullable Normalisation normalisation;

    /** Reads a model, and tells what had to be assumed or converted. */
    public Model read(Path file, Session session) {
        return Model.read(file, known(), new Model.ReadListener() {
            @Override
            public void onAssumption(String sentence) {
                session.warning(sentence);
            }

            @Override
            public void onConversion(String sentence) {
                session.notice(sentence);
            }
        });
    }

    private Model.Known known() {
        return new Model.Known(activation, normalisation == null ? null : scaling(normalisation));
    }

    private static InputScaling scaling(Normalisation normalisation) {
        return switch (normalisation) {
            case NONE -> InputScaling.none();
            case UNIT -> InputScaling.unit();
            case STANDARD -> InputScaling.standard(MnistStatistics.mean(), MnistStatistics.standardDeviation());
        };
    }
}
