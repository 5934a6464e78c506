package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment that is killed goes on as if nothing had happened. */
@Tag("once")
class ExperimentKillTest {
    /** {@code -Dbpnn.kills=50} for the long version. */
    private static final int KILLS = Integer.getInteger("bpnn.kills", 3);

    /** Kills of an experiment before it may end. */
    private static final int IN_A_ROW = 3;

    @TempDir
    Path folder;

    private Object[] arguments(String out) {
        return new Object[] {
            "experiment",
            "batch-norm",
            "--backend=cpu",
            "--dataset=" + TinyData.in(folder),
            "--hidden=16",
            "--seeds=2",
            "--epochs=3",
            "--batch-size=50",
            "--out=" + folder.resolve(out)
        };
    }

    private Path results(String out) {
        return folder.resolve(out).resolve("results.csv");
    }

    /** Killed again and again at random moments, started again each time, and let go on in the end. */
    @Test
    void aKilledExperimentEndsWithTheResultsOfOneThatWasNot() throws Exception {
        long begin = System.nanoTime();
        assertThat(Cli.start(arguments("whole")).waitFor()).isZero();
        int duration = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        RandomStream random = new RandomStream(11, Purpose.STATISTICS, 0, 0);
        List<Integer> moments = new ArrayList<>();
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            String out = "killed-" + i / IN_A_ROW;
            int moment = duration / 4 + random.nextInt(duration / 2);
            moments.add(moment);
            Process process = Cli.start(arguments(out));
            killed += process.waitFor(moment, TimeUnit.MILLISECONDS) ? 0 : 1;
            process.destroyForcibly().waitFor();
            if (i % IN_A_ROW == IN_A_ROW - 1 || i == KILLS - 1) {
                Cli resumed = Cli.run(arguments(out));
                assertThat(resumed.exitCode()).as(resumed.err()).isZero();
                assertThat(results(out))
                        .as("killed after %s of %d ms", moments, duration)
                        .hasSameTextualContentAs(results("whole"));
            }
        }
        assertThat(killed).as("of %d starts", KILLS).isPositive();
    }
}
