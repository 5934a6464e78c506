package bpnn.lab.comparison;

import static bpnn.lab.comparison.StepPhase.BACKWARD;
import static bpnn.lab.comparison.StepPhase.DATA;
import static bpnn.lab.comparison.StepPhase.FORWARD;
import static bpnn.lab.comparison.StepPhase.UPDATE;
import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a step a kernel belongs to. A test sees to it that every kernel of {@link bpnn.spi.Kernels} stands here
 * once.
 */
final class KernelPhases {
    /** Kernels that belong to one part, and begin it where it has not begun. */
    static final Map<String, StepPhase> BEGINNING = Map.ofEntries(
            entry("gatherRows", DATA),
            entry("gatherBatch", DATA),
            entry("gatherAugmented", DATA),
            entry("denseForward", FORWARD),
            entry("denseDropoutForward", FORWARD),
            entry("batchNormDropoutTrain", FORWARD),
            entry("trainingLoss", FORWARD),
            entry("batchNormTrain", FORWARD),
            entry("batchNormInfer", FORWARD),
            entry("dropout", FORWARD),
            entry("softmaxCrossEntropy", FORWARD),
            entry("recordLoss", FORWARD),
            entry("argmax", FORWARD),
            entry("denseBackward", BACKWARD),
            entry("denseLayerBackward", BACKWARD),
            entry("batchNormLayerBackward", BACKWARD),
            entry("activationBackward", BACKWARD),
            entry("batchNormBackward", BACKWARD),
            entry("dropoutBackward", BACKWARD),
            entry("sgd", UPDATE),
            entry("momentum", UPDATE),
            entry("adam", UPDATE),
            entry("advance", UPDATE));

    /** Kernels that any part may be made of. */
    static final Set<String> IN_ANY = Set.of("gemm", "fill", "map", "zip", "axpby", "reduce", "scratch");

    private KernelPhases() {}

    /** The part that a kernel belongs to; null for the part that is going on. */
    static @Nullable StepPhase of(String kernel) {
        return BEGINNING.get(kernel);
    }
}
