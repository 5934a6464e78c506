package bpnn.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RangeTestTest {
    private static final int STEPS = 200;

    private boolean stopped;

    /** From a rate of 1e-6 to one of 1, with a loss for each share of the way. */
    private RangeTest test(DoubleUnaryOperator loss) {
        RangeTest test = new RangeTest(1e-6, 1, STEPS, () -> stopped = true);
        for (int step = 1; step <= STEPS && !stopped; step++) {
            float value = (float) loss.applyAsDouble((step - 1.0) / (STEPS - 1));
            test.onSteps(1, step, new float[] {value}, STEPS - step);
        }
        return test;
    }

    /** Falls from 2.3 at half the way to 0.3 at three quarters, then explodes. */
    private static double usual(double way) {
        return way < 0.5 ? 2.3 : way < 0.75 ? 2.3 - 8 * (way - 0.5) : 0.3 + 40 * (way - 0.75);
    }

    @Test
    void aTenthOfTheRateWithTheLeastLossIsSuggested() {
        RangeTest test = test(RangeTestTest::usual);

        assertThat(test.doubt()).isEmpty();
        // The moving average lags some steps behind.
        assertThat(Math.log10(test.suggestion().getAsDouble())).isCloseTo(-1.5 - 1 + 0.1, within(0.2));
        assertThat(Math.log10(test.steepest())).isBetween(-3.0, -1.4);
        assertThat(Math.log10(test.valley())).isBetween(-3.0, -1.4);
        assertThat(stopped).isTrue();
    }

    @Test
    void aLossThatStillFallsAtTheEndSuggestsNothing() {
        RangeTest test = test(way -> 2.3 - 2 * way);

        assertThat(test.suggestion()).isEmpty();
        assertThat(test.doubt()).get().asString().contains("still fell at the end of the range", "--to");
    }

    @Test
    void aLossThatNeverFallsSuggestsNothing() {
        RangeTest test = test(way -> 2.3 + way);

        assertThat(test.suggestion()).isEmpty();
        assertThat(test.doubt()).get().asString().contains("never fell below", "--from");
    }

    /** Few images are soon known by heart; then every greater rate looks better than the one before. */
    @Test
    void aLossOfAlmostNothingSuggestsNothing() {
        RangeTest test = test(way -> way < 0.5 ? 2.3 : way < 0.98 ? 2.3 * Math.exp(-30 * (way - 0.5)) : 1);

        assertThat(test.suggestion()).isEmpty();
        assertThat(test.doubt()).get().asString().contains("how well few images are remembered", "--sweep-steps");
    }
}
