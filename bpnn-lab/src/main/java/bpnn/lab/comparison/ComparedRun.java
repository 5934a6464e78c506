package bpnn.lab.comparison;

import bpnn.lab.statistics.Proportion;
import bpnn.nn.StateTensor;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A training that is compared.
 *
 * @param name what it is called in the comparison
 * @param backend what computed
 * @param losses of steps, by their number from 1: of all, or of those that were logged
 * @param weights the network's tensors at the end
 * @param weightsSha256 their hash
 * @param test how many of the test images it reads right
 * @param testLoss mean cross-entropy of the test images, in nats
 * @param predictions the class that it reads in each test image; null where that was not kept
 * @param secondsPerStep time of the whole training by its steps
 * @param times how long the parts of a step take; null where that was not measured
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of results; identity is the right equality
public record ComparedRun(
        String name,
        Computer backend,
        NavigableMap<Long, Float> losses,
        SortedMap<String, StateTensor> weights,
        String weightsSha256,
        Proportion test,
        double testLoss,
        int @Nullable [] predictions,
        double secondsPerStep,
        @Nullable StepTimes times) {

    /**
     * What computed.
     *
     * @param id the backend's id
     * @param device its device in words
     * @param numerics exact or fast
     */
    public record Computer(String id, String device, String numerics) {
        /** Whether it claims the bits of the reference. */
        boolean isExact() {
            return numerics.equals("exact");
        }
    }

    public ComparedRun {
        losses = Collections.unmodifiableNavigableMap(new TreeMap<>(losses));
    }
}
