package bpnn.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TraceScheduleTest {
    private static List<Long> steps(long last, LongPredicate chosen) {
        return LongStream.rangeClosed(0, last).filter(chosen).boxed().toList();
    }

    @Test
    void aLinkEndsEachEpoch() {
        TraceSchedule schedule = new TraceSchedule(0, 2, 5, true);

        assertThat(steps(22, schedule::hasLink)).containsExactly(0L, 5L, 10L, 15L, 20L);
        assertThat(steps(22, schedule::keepsState)).containsExactly(10L, 20L);
        assertThat(steps(22, schedule::isBoundary)).containsExactly(0L, 10L, 20L);
    }

    /** Within an epoch links are counted from its beginning, so that every epoch has the same ones. */
    @Test
    void linksWithinEpochs() {
        TraceSchedule schedule = new TraceSchedule(2, 3, 5, true);

        assertThat(schedule.linksPerEpoch()).isEqualTo(3);
        assertThat(steps(15, schedule::hasLink)).containsExactly(0L, 2L, 4L, 5L, 7L, 9L, 10L, 12L, 14L, 15L);
        assertThat(steps(15, schedule::keepsState)).containsExactly(5L, 10L, 15L);
        assertThat(steps(15, new TraceSchedule(2, 2, 5, true)::keepsState)).containsExactly(4L, 7L, 10L, 14L);
    }

    @Test
    void aLinkThatWouldEndAnEpochAnywayStandsOnce() {
        TraceSchedule schedule = new TraceSchedule(5, 1, 10, true);

        assertThat(schedule.linksPerEpoch()).isEqualTo(2);
        assertThat(steps(20, schedule::keepsState)).containsExactly(5L, 10L, 15L, 20L);
        assertThat(steps(20, new TraceSchedule(1000, 1, 10, true)::hasLink)).containsExactly(0L, 10L, 20L);
    }

    @Test
    void fastArithmeticKeepsASecondState() {
        TraceSchedule schedule = new TraceSchedule(0, 2, 5, false);

        assertThat(steps(15, schedule::hasLink)).containsExactly(0L, 3L, 5L, 10L, 13L, 15L);
        assertThat(steps(15, schedule::keepsState)).containsExactly(3L, 10L, 13L);
    }

    @Test
    void theDistanceThatNobodyGaveLeavesTwentySegments() {
        assertThat(new TraceSettings(0, 0, null).schedule(391, 300, true).stateEvery())
                .isEqualTo(15);
        assertThat(new TraceSettings(0, 0, null).schedule(391, 10, true).stateEvery())
                .isEqualTo(5);
        assertThat(new TraceSettings(100, 0, null).schedule(391, 10, true).stateEvery())
                .isEqualTo(20);
        assertThat(new TraceSettings(0, 1, null).schedule(391, 300, true).stateEvery())
                .isEqualTo(1);
    }
}
