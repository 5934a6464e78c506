package bpnn.tck;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Kernels;
import bpnn.spi.Numerics;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every faulty backend fails in the cases that name its fault, and in no other case of their group. */
@Tag("once")
@Execution(ExecutionMode.CONCURRENT)
class FaultTest {
    private static Arguments fault(Function<Backend, Kernels> kernels, Group group, String sentence, String... cases) {
        return Arguments.of(kernels, Numerics.FAST, group, sentence, List.of(cases));
    }

    static List<Arguments> faults() {
        return List.of(
                fault(PrimitiveFault.TF32, Group.PRIMITIVES, "TF32 is on", "gemm"),
                fault(
                        PrimitiveFault.TF32,
                        Group.TRAINING,
                        "bounds away",
                        "losses",
                        "losses of a trainer's steps",
                        "a trainer's step, recorded, does the same"),
                fault(PrimitiveFault.BF16, Group.PRIMITIVES, "this is bf16", "gemm"),
                fault(
                        PrimitiveFault.GEMM_READS_C_WITH_BETA_ZERO,
                        Group.SPECIAL_VALUES,
                        "its destination held NaN: it is read",
                        "gemm: β = 0 overwrites NaN",
                        "denseBackward: overwrites NaN",
                        "denseForward IDENTITY: overwrites NaN",
                        "denseForward TANH: overwrites NaN",
                        "denseForward SIGMOID: overwrites NaN",
                        "denseForward RELU: overwrites NaN",
                        "denseDropoutForward: overwrites NaN",
                        "denseLayerBackward: overwrites NaN"),
                fault(
                        PrimitiveFault.AXPBY_READS_Y_WITH_BETA_ZERO,
                        Group.SPECIAL_VALUES,
                        "its destination held NaN: it is read",
                        "axpby: β = 0 overwrites NaN"),
                fault(PrimitiveFault.LAST_COLUMNS_DROPPED, Group.PRIMITIVES, "as when a tail is dropped", "gemm"),
                fault(PrimitiveFault.LAST_ELEMENTS_DROPPED, Group.PRIMITIVES, "as when a tail is dropped", "map TANH"),
                fault(PrimitiveFault.LAST_TERMS_DROPPED, Group.PRIMITIVES, "x [15, 5]", "reduce MAX over rows"),
                fault(
                        PrimitiveFault.GATHERS_ONE_ROW_TOO_EARLY,
                        Group.PRIMITIVES,
                        "off by one row",
                        "gatherRows of bytes",
                        "gatherRows of floats"),
                fault(PrimitiveFault.BROADCASTS_THE_ROW_ABOVE, Group.PRIMITIVES, "b [2, 1]", "zip ADD"),
                fault(
                        PrimitiveFault.SUMS_IN_ANOTHER_ORDER_EACH_TIME,
                        Group.REPEATABILITY,
                        "the run before gave",
                        "reduce SUM over columns",
                        "softmaxCrossEntropy"),
                fault(PrimitiveFault.WRITES_ITS_PRODUCT_ONE_ROW_TOO_LOW, Group.PRIMITIVES, "off by one row", "gemm"),
                fault(
                        PrimitiveFault.SPLITS_PRODUCTS_ANEW_EACH_TIME,
                        Group.REPEATABILITY,
                        "the run before gave",
                        "gemm",
                        "denseBackward"),
                fault(
                        PrimitiveFault.WRITES_PAST_THE_END,
                        Group.SENTINELS,
                        "to the element 1 past the end of ",
                        "fill",
                        "batchNormTrain",
                        "batchNormDropoutTrain"),
                fault(
                        PrimitiveFault.WRITES_IN_FRONT,
                        Group.SENTINELS,
                        "to the element 1 in front of ",
                        "zip DIVIDE",
                        "batchNormTrain",
                        "softmaxCrossEntropy",
                        "batchNormDropoutTrain",
                        "trainingLoss"),
                fault(
                        PrimitiveFault.READS_PAST_THE_END,
                        Group.SENTINELS,
                        "it uses what lies beyond them",
                        "reduce SUM over rows",
                        "denseBackward",
                        "batchNormTrain",
                        "batchNormBackward",
                        "recordLoss",
                        "batchNormDropoutTrain"),
                fault(PrimitiveFault.CHANGES_ITS_INPUT, Group.SENTINELS, "it changed its input x[0, 0]", "map EXP"),
                fault(
                        PrimitiveFault.FLUSHES_SUBNORMALS,
                        Group.SPECIAL_VALUES,
                        "subnormal and were flushed to zero",
                        "zip ADD",
                        "zip SUBTRACT",
                        "zip MULTIPLY",
                        "zip DIVIDE",
                        "subnormals are kept"),
                fault(PrimitiveFault.SKIPS_ZEROS, Group.SPECIAL_VALUES, "should be NaN", "gemm"),
                fault(PrimitiveFault.RELU_DROPS_NAN, Group.SPECIAL_VALUES, "is 0.0, but should be NaN", "map RELU"),
                fault(
                        PrimitiveFault.TANH_OF_MINUS_ZERO_IS_PLUS_ZERO,
                        Group.SPECIAL_VALUES,
                        "is 0.0, but should be -0.0",
                        "map TANH"),
                fault(PrimitiveFault.COARSE_EXP, Group.PRIMITIVES, "bounds away", "map EXP"),
                fault(PrimitiveFault.DESTROYS_AN_ALIASED_OPERAND, Group.ALIASING, "at the same time", "zip SUBTRACT"),
                fault(FusedFault.LAYER_GRADIENT_WITHOUT_THE_MASK, Group.FUSED, "dz [", "denseLayerBackward"),
                fault(FusedFault.SCALES_TARGETS_LIKE_PIXELS, Group.FUSED, "targets [", "gatherBatch"),
                fault(FusedFault.THE_SAME_DISTORTION_IN_EVERY_EPOCH, Group.FUSED, "x [", "gatherAugmented"),
                fault(FusedFault.ARGMAX_IS_THE_LAST, Group.FUSED, "y[", "argmax"),
                fault(FusedFault.MOMENTUM_WITH_DAMPENING, Group.FUSED, "velocity [", "momentum"),
                fault(FusedFault.ADAM_EPSILON_INSIDE_THE_ROOT, Group.FUSED, "w [", "adam"),
                fault(FusedFault.ONE_MASK_FOR_THE_WHOLE_BATCH, Group.FUSED, "mask [", "dropout"),
                fault(
                        FusedFault.SOFTMAX_WITHOUT_THE_MAXIMUM,
                        Group.SPECIAL_VALUES,
                        "losses[0, 0] is NaN",
                        "softmaxCrossEntropy"),
                fault(
                        FusedFault.STATISTICS_TREATED_AS_CONSTANTS,
                        Group.GRADIENTS,
                        "by x [7, 5]",
                        "BatchNorm with IDENTITY",
                        "BatchNorm with TANH",
                        "BatchNorm with SIGMOID",
                        "BatchNorm with RELU"),
                fault(FusedFault.STATISTICS_TREATED_AS_CONSTANTS, Group.FUSED, "dx [", "batchNormBackward"),
                fault(
                        FusedFault.SLOPE_OF_TANH_WITHOUT_THE_SQUARE,
                        Group.GRADIENTS,
                        "has the slope",
                        "Dense with TANH",
                        "BatchNorm with TANH"),
                fault(
                        FusedFault.LEAKS_A_BUFFER,
                        Group.LIFECYCLE,
                        "buffers",
                        "no kernel leaks a buffer",
                        "double close"),
                Arguments.of(
                        FusedFault.DIVIDES_BY_A_RECIPROCAL,
                        Numerics.EXACT,
                        Group.EXACTNESS,
                        "but the reference gives",
                        List.of(
                                "zip DIVIDE",
                                "batchNormTrain",
                                "batchNormBackward",
                                "softmaxCrossEntropy",
                                "recordLoss",
                                "batchNormDropoutTrain",
                                "batchNormLayerBackward",
                                "trainingLoss",
                                "adam",
                                "zip DIVIDE of special values",
                                "softmaxCrossEntropy of special values")));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("faults")
    void failsInTheCaseThatNamesIt(
            Function<Backend, Kernels> kernels, Numerics numerics, Group group, String sentence, List<String> cases) {
        BackendProvider provider = new TestProvider("faulty", () -> new FaultyBackend(numerics, kernels));
        try (Conformance kit = Conformance.of(provider, BackendConfig.defaults())) {
            List<CaseResult> failures = kit.cases().stream()
                    .filter(item -> item.group() == group)
                    .map(ConformanceCase::run)
                    .filter(CaseResult::failed)
                    .toList();
            assertThat(failures).extracting(CaseResult::name).containsExactlyInAnyOrderElementsOf(cases);
            assertThat(failures)
                    .allSatisfy(
                            failure -> assertThat(failure.findings().message()).contains(sentence));
        }
    }
}
