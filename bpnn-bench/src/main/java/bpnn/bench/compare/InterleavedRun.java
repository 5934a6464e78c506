package bpnn.bench.compare;

import bpnn.bench.FmaPeak;
import bpnn.bench.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Contenders that train in turns, an epoch each in every round, so that whatever slows the machine down slows all of them.
 * Before each epoch of the first one the machine's fma peak is measured.
 *
 * @param descriptions of the contenders
 * @param contenders in the order of their turns
 * @param seconds by contender and round
 * @param allocated bytes on the heap by round, of the first contender
 * @param peaks in GFLOP/s, by round
 */
record InterleavedRun(
        List<String> descriptions,
        List<Contender> contenders,
        List<List<Double>> seconds,
        List<Double> allocated,
        List<Double> peaks) {

    private static final double GUESSING = Math.log(Variant.CLASSES) - 0.1;

    /**
     * Runs all rounds.
     *
     * @param logs folder for what the contenders say
     */
    static InterleavedRun run(List<Contender> contenders, int rounds, FmaPeak peak, Path logs) {
        InterleavedRun run = new InterleavedRun(
                new ArrayList<>(), List.copyOf(contenders), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<ContenderProcess> processes = new ArrayList<>();
        try {
            for (Contender contender : contenders) {
                ContenderProcess process = new ContenderProcess(contender, logs);
                processes.add(process);
                run.descriptions.add(process.description());
                run.seconds.add(new ArrayList<>());
            }
            for (int round = 0; round < rounds; round++) {
                run.round(processes, peak);
            }
            return run;
        } finally {
            processes.forEach(ContenderProcess::close);
        }
    }

    private void round(List<ContenderProcess> processes, FmaPeak peak) {
        peaks.add(peak.gflops());
        for (int i = 0; i < processes.size(); i++) {
            ContenderProcess.Epoch epoch = processes.get(i).epoch();
            requireLearning(contenders.get(i), epoch.loss());
            seconds.get(i).add(epoch.seconds());
            if (i == 0) {
                allocated.add((double) epoch.allocated());
            }
        }
    }

    /** A contender must learn; guessing has the loss ln 10. */
    private static void requireLearning(Contender contender, double loss) {
        if (!(loss < GUESSING)) {
            throw new IllegalStateException(
                    contender.name() + " does not learn: its loss is " + loss + " after the warm-up");
        }
    }

    /** Seconds of a contender's epochs, as of so many images. */
    Samples seconds(int contender, int images) {
        double scale = (double) images / contenders.get(contender).workload().count();
        return new Samples(seconds.get(contender)).map(time -> time * scale);
    }

    /** The first contender's speed-up over another: the ratio of their times per image, round by round. */
    Samples lead(int other) {
        return seconds(other, 1).over(seconds(0, 1));
    }

    /** What the first contender's products reach of the fma peak, in percent, round by round. */
    Samples shareOfPeak() {
        double flops = contenders.get(0).workload().flops();
        return new Samples(seconds.get(0)).map(time -> 100 * flops / time / 1e9).over(new Samples(peaks));
    }

    /** Bytes that the first contender allocated on the heap, by step. */
    Samples allocatedByStep() {
        int steps = contenders.get(0).workload().steps();
        return new Samples(allocated).map(bytes -> bytes / steps);
    }
}
