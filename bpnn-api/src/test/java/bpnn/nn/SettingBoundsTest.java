package bpnn.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.spi.DropoutSpec;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The bounds of settings: the last valid value and the first invalid one. */
class SettingBoundsTest {
    private static void assertRejected(ThrowingCallable... settings) {
        for (int i = 0; i < settings.length; i++) {
            assertThatThrownBy(settings[i]).as("setting %d", i).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void optimizers() {
        assertThat(List.of(
                        new Sgd(Float.MIN_VALUE),
                        new Momentum(1, 0),
                        new Adam(1, 0, 0, Float.MIN_VALUE),
                        new AdamW(Adam.withRate(1), 0),
                        new Nesterov(1, 0),
                        new RmsProp(1, 0, Float.MIN_VALUE),
                        new DecoupledDecay(new Sgd(1), 0)))
                .allMatch(rule -> rule.learningRate() > 0);
        assertThat(new AdamW(Adam.withRate(1), 0).slots()).containsExactly("mean", "variance");
        assertRejected(
                () -> new Sgd(0),
                () -> new Sgd(Float.POSITIVE_INFINITY),
                () -> new Momentum(0, 0.5f),
                () -> new Momentum(1, 1),
                () -> new Adam(0, 0.9f, 0.999f, 1e-8f),
                () -> new Adam(1, 1, 0.999f, 1e-8f),
                () -> new Adam(1, 0.9f, 1, 1e-8f),
                () -> new Adam(1, 0.9f, 0.999f, 0),
                () -> new AdamW(Adam.withRate(1), Float.POSITIVE_INFINITY),
                () -> new Nesterov(0, 0.5f),
                () -> new Nesterov(1, 1),
                () -> new RmsProp(-1, 0.9f, 1e-8f),
                () -> new RmsProp(1, 1, 1e-8f),
                () -> new RmsProp(1, 0.9f, 0),
                () -> new DecoupledDecay(new Sgd(1), -1),
                () -> new DecoupledDecay(new Sgd(1), Float.POSITIVE_INFINITY));
    }

    @Test
    void ratesOfDropout() {
        assertThat(DropoutRates.NONE.isAny()).isFalse();
        assertThat(new DropoutRates(0.1f, List.of(0f)).isAny()).isTrue();
        DropoutRates each = new DropoutRates(0, List.of(0f, 0.5f));
        assertThat(each.isAny()).isTrue();
        assertThat(each.at(1)).isEqualTo(0.5f);
        assertThat(DropoutRates.of(0.3f).at(7)).isEqualTo(0.3f);
        assertThat(each).hasToString("0.0,0.5");
        assertRejected(
                () -> new DropoutRates(1, List.of(0f)),
                () -> new DropoutRates(0, List.of(0f, -0.1f)),
                () -> new DropoutRates(0, List.of()),
                () -> new NetworkSpec(4, List.of(3), 2, ActivationFunction.TANH, each, false, false));
    }

    @Test
    void schedules() {
        LearningRateSchedule constant = new LearningRateSchedule.Constant();
        assertThat(new LearningRateSchedule.Steps(1, 1).factor(9, 2, 10)).isEqualTo(1);
        assertThat(new LearningRateSchedule.OneCycle(1, 0.5).factor(4, 2, 10)).isEqualTo(1);
        assertThat(new LearningRateSchedule.WarmUp(1, constant).factor(1, 2, 10))
                .isEqualTo(1);
        LearningRateSchedule cosine = new LearningRateSchedule.Cosine();
        assertThat(new LearningRateSchedule.WarmUp(4, cosine).factor(4, 2, 10)).isEqualTo(cosine.factor(4, 2, 10));
        assertRejected(
                () -> new LearningRateSchedule.Steps(1, 0),
                () -> new LearningRateSchedule.Steps(1, 1.5),
                () -> new LearningRateSchedule.OneCycle(Double.POSITIVE_INFINITY, 0.5),
                () -> new LearningRateSchedule.OneCycle(2, 0),
                () -> new LearningRateSchedule.WarmUp(0, constant),
                () -> new LearningRateSchedule.Sweep(0));
    }

    @Test
    void dropoutRates() {
        assertThat(new DropoutSpec(1, 0, 0, false).scale()).isEqualTo(1);
        assertRejected(
                () -> new DropoutSpec(1, 0, -Float.MIN_VALUE, false),
                () -> new DropoutSpec(1, 0, 1, false),
                () -> new DropoutSpec(1, 0, Float.NaN, false));
    }
}
