package bpnn.lab.experiment;

import bpnn.lab.probe.Probe;
import bpnn.lab.statistics.Calibration;
import bpnn.lab.statistics.Misclassification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished training.
 *
 * @param arm the key of the arm
 * @param seed from which seed
 * @param divergedIn the epoch in which the loss left the finite numbers; 0 if it did not
 * @param firstEpoch mean training loss of equal parts of the first epoch
 * @param epochs all finished epochs
 * @param probes probes of the network, in order of time
 * @param correlations for each hidden layer, Pearson's r between pairs of its first units at the last probe
 * @param misread test images that were misread in the end
 * @param testLoss in the end
 * @param testAccuracy in the end
 * @param weightsSha256 of the final model
 * @param seconds it took, observation included
 * @param calibration on the test images in the end; null in results of before it was kept
 */
public record TrainedRun(
        String arm,
        long seed,
        int divergedIn,
        List<Double> firstEpoch,
        List<EpochFigures> epochs,
        List<Probe> probes,
        List<double[][]> correlations,
        List<Misclassification> misread,
        double testLoss,
        double testAccuracy,
        String weightsSha256,
        double seconds,
        @Nullable Calibration calibration)
        implements TaskResult {}
