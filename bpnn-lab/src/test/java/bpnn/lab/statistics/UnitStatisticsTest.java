package bpnn.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What is said about the units of a layer agrees with the definitions. */
class UnitStatisticsTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-12);

    @Test
    void meansAndVariancesAreThoseOfTheUnits() {
        // Unit 1 is 1 and 3, unit 2 is -4 and -4.
        float[] values = {1, -4, 3, -4};
        UnitStatistics statistics = UnitStatistics.of(values, 2);
        assertThat(statistics.meanOffset()).isCloseTo((2 + 4) / 2.0, EXACT);
        assertThat(statistics.variance()).isCloseTo((1 + 0) / 2.0, EXACT);
        double mean = -1;
        double squares = (1 - mean) * (1 - mean) + (3 - mean) * (3 - mean) + 2 * (-4 - mean) * (-4 - mean);
        assertThat(statistics.spread()).isCloseTo(Math.sqrt(squares / 4), EXACT);
    }

    @Test
    void correlationsArePearsons() {
        // The second unit is the first one doubled, the third one its negative, the fourth one never changes.
        float[] values = {1, 2, -1, 5, 2, 4, -2, 5, 4, 8, -4, 5};
        double[][] r = UnitCorrelations.of(values, 4, 4).r();
        assertThat(r[0][1]).isCloseTo(1, EXACT);
        assertThat(r[2][0]).isCloseTo(-1, EXACT);
        assertThat(r[3][0]).isNaN();
        assertThat(UnitCorrelations.of(values, 4, 4).meanMagnitude()).isCloseTo(1, EXACT);
        assertThat(UnitCorrelations.of(values, 4, 2).r()).hasDimensions(2, 2);
        assertThat(UnitCorrelations.of(values, 4, 1).meanMagnitude()).isZero();
    }

    @Test
    void pearsonsFormulaHoldsForUnitsThatAreHalfAlike() {
        float[] values = {0, 1, 1, 0, 2, 4, 3, 1, 4, 5};
        double r = UnitCorrelations.of(values, 2, 2).r()[0][1];
        // Means 2 and 2.2; covariance and variances by hand.
        double covariance = (-2 * -1.2) + (-1 * -2.2) + (0 * 1.8) + (1 * -1.2) + (2 * 2.8);
        double variances = (4 + 1 + 0 + 1 + 4) * (1.44 + 4.84 + 3.24 + 1.44 + 7.84);
        assertThat(r).isCloseTo(covariance / Math.sqrt(variances), EXACT);
    }

    @Test
    void theOrderPutsUnitsThatBehaveAlikeSideBySide() {
        int images = 40;
        int units = 6;
        float[] values = new float[images * units];
        RandomStream random = new RandomStream(3, Purpose.STATISTICS, 0, 0);
        for (int image = 0; image < images; image++) {
            float common = random.nextInt(1000);
            for (int unit = 0; unit < units; unit++) {
                // Even units follow it, odd ones do the opposite, all with some noise of their own.
                values[image * units + unit] = (unit % 2 == 0 ? common : -common) + random.nextInt(200);
            }
        }
        double[][] r = UnitCorrelations.of(values, units, units).ordered().r();
        for (int i = 0; i < units; i++) {
            for (int j = 0; j < units; j++) {
                assertThat(r[i][j] > 0).as("r[%d][%d] = %f", i, j, r[i][j]).isEqualTo((i < 3) == (j < 3));
            }
        }
    }
}
