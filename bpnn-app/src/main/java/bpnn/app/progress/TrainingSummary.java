package bpnn.app.progress;

import bpnn.app.session.Paragraph;
import bpnn.nn.LearningRateSchedule;
import bpnn.nn.LearningRateSchedule.Constant;
import bpnn.nn.LearningRateSchedule.Cosine;
import bpnn.nn.LearningRateSchedule.OneCycle;
import bpnn.nn.LearningRateSchedule.Steps;
import bpnn.nn.LearningRateSchedule.Sweep;
import bpnn.nn.LearningRateSchedule.WarmUp;
import bpnn.nn.Refinements;
import bpnn.nn.TrainingConfig;
import bpnn.nn.WeightAveraging;
import bpnn.spi.Distortion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a training goes about it, in words: what the options leave to be guessed. */
public final class TrainingSummary {
    private static final int PERCENT = 100;

    private TrainingSummary() {}

    /**
     * A paragraph for the learning rate, and one each for distorted images and averaged weights where there are any.
     *
     * @param columns width of the terminal
     */
    public static String of(TrainingConfig config, int columns) {
        Refinements refinements = config.refinements();
        StringBuilder text = new StringBuilder();
        double rate = config.optimizer().learningRate();
        Paragraph.append("rate     ", number(rate) + ", " + words(refinements.schedule(), rate), columns, text);
        if (!refinements.distortion().isNone()) {
            Paragraph.append("images   ", "in each epoch anew " + words(refinements.distortion()), columns, text);
        }
        if (refinements.averaging() instanceof WeightAveraging.Exponential exponential) {
            String decay = "the exponential average over the steps, decay " + exponential.decay();
            Paragraph.append("kept     ", decay, columns, text);
        } else if (refinements.averaging() instanceof WeightAveraging.Stochastic stochastic) {
            String share = "the mean of the weights over the last " + percent(stochastic.share()) + " of the epochs";
            Paragraph.append("kept     ", share, columns, text);
        }
        return text.toString().stripTrailing();
    }

    private static String words(LearningRateSchedule schedule, double rate) {
        if (schedule instanceof Constant) {
            return "the same for all steps";
        }
        if (schedule instanceof Steps steps) {
            return "times " + number(steps.decay()) + " every " + steps.epochs() + " epochs";
        }
        if (schedule instanceof Cosine) {
            return "falling along half a cosine to 0";
        }
        if (schedule instanceof OneCycle cycle) {
            return "in one cycle: rising to " + number(rate * cycle.peak()) + " over the first " + percent(cycle.rise())
                    + " of the steps, then falling along half a cosine to 0";
        }
        if (schedule instanceof WarmUp warmUp) {
            return words(warmUp.then(), rate) + ", after rising evenly from 0 over the first " + warmUp.steps()
                    + " steps";
        }
        return "rising to " + number(rate * ((Sweep) schedule).last());
    }

    private static String words(Distortion distortion) {
        List<String> parts = new ArrayList<>();
        add(parts, distortion.shift(), "moved by up to %s pixels");
        add(parts, distortion.rotation(), "turned by up to %s degrees");
        add(parts, distortion.scale() * PERCENT, "scaled by up to %s %%");
        add(parts, distortion.shear(), "sheared by up to %s");
        if (distortion.alpha() > 0) {
            double deviation = distortion.alpha() / (2 * Math.sqrt(3 * Math.PI) * distortion.sigma());
            parts.add(String.format(Locale.ROOT, "bent by %.1f pixels of deviation", deviation));
        }
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, float value, String format) {
        if (value > 0) {
            parts.add(String.format(Locale.ROOT, format, number(value)));
        }
    }

    private static String percent(double share) {
        return number(share * PERCENT) + " %";
    }

    /** With at most three digits, and without those that are 0. */
    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value)
                .replaceFirst("(\\.\\d*?)0+($|e)", "$1$2")
                .replaceFirst("\\.($|e)", "$1");
    }
}
