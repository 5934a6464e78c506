package bpnn.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void medianOfOddAndEvenNumbers() {
        assertThat(new Samples(List.of(5.0, 1.0, 3.0)).median()).isEqualTo(3);
        assertThat(new Samples(List.of(5.0, 1.0, 3.0, 4.0)).median()).isEqualTo(3.5);
    }

    @Test
    void ratiosAreTakenRoundByRound() {
        Samples theirs = new Samples(List.of(6.0, 2.0));
        Samples ours = new Samples(List.of(2.0, 1.0));

        assertThat(theirs.over(ours).values()).containsExactly(3.0, 2.0);
    }

    @Test
    void theMedianDecidesWhetherAGoalIsMet() {
        Samples leads = new Samples(List.of(2.0, 3.2, 3.1));

        assertThat(Row.atLeast(3, "", "lead", leads, "%.1f", "").markdown())
                .isEqualTo("| lead | ≥ 3.0 | 3.1 (2.0 to 3.2) | met |");
        assertThat(Row.atLeast(3.2, "", "lead", leads, "%.1f", "").verdict()).isEqualTo("missed");
        assertThat(Row.atMost(3, " s", "wait", leads, "%.1f", "here").markdown())
                .isEqualTo("| wait | ≤ 3.0 s | 3.1 (2.0 to 3.2) s; here | missed |");
    }

    @Test
    void aMeasurementThatFailsCostsItsOwnLineAlone() {
        Table table = new Table();
        table.measure("first", () -> {
            throw new IllegalStateException("it broke");
        });
        table.measure("second", () -> List.of(Row.figure("second", "2 s")));

        assertThat(table.markdown()).contains("| first | not measured: it broke |", "| second | 2 s |");
    }
}
