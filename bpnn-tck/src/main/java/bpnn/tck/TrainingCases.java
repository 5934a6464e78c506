package bpnn.tck;

import bpnn.spi.Backend;
import bpnn.spi.ReferenceBackend;
import bpnn.spi.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A small training gives the expected losses, and a recorded step does what an eager one does: with the same bits, except that
 * the kernels of a trainer may round otherwise in fast mode if a backend fuses them.
 */
final class TrainingCases {
    private static final int RUNS = 16;

    private final Fixture fixture;

    TrainingCases(Fixture fixture) {
        this.fixture = fixture;
    }

    List<ConformanceCase> cases() {
        return List.of(
                new ConformanceCase(Group.TRAINING, "losses", () -> losses(false)),
                new ConformanceCase(Group.TRAINING, "a recorded step does the same", () -> recorded(false)),
                new ConformanceCase(Group.TRAINING, "losses of a trainer's steps", () -> losses(true)),
                new ConformanceCase(Group.TRAINING, "a trainer's step, recorded, does the same", () -> recorded(true)));
    }

    private Findings losses(boolean asTrainer) {
        OutcomeChecker checker = new OutcomeChecker();
        calls(asTrainer).forEach(call -> losses(call, checker));
        return checker.findings();
    }

    /** For the usual number of classes, and for others. */
    private Stream<KernelCall> calls(boolean asTrainer) {
        return Stream.concat(Stream.of(SmallTraining.CLASSES), Sizes.CLASSES.stream())
                .map(classes -> SmallTraining.call(fixture.generators(), classes, asTrainer));
    }

    private void losses(KernelCall call, OutcomeChecker checker) {
        Outcome found = fixture.runner().kernel(call);
        checker.checkBounds(call, found, SmallTraining.HISTORY, truth(call));
        if (fixture.exact()) {
            try (ReferenceBackend reference = new ReferenceBackend()) {
                checker.checkSameBits(call, found, new CallRunner(reference).kernel(call), "the reference gives");
            }
        }
    }

    /**
     * The losses in float64, with the maximum deviation of runs with random roundings as bounds. Each rounding error is
     * uniform within its bound. Measured in multiples of this bound: the reference 0.24, GEMM in TF32 75, in bf16 820.
     */
    private static Oracle.Truth truth(KernelCall call) {
        Oracle.Truth truth = Oracle.of(call);
        double[] losses = truth.values().get(SmallTraining.HISTORY);
        double[] spread = new double[losses.length];
        for (int run = 0; run < RUNS; run++) {
            double[] noisy = Oracle.noisy(call, run).values().get(SmallTraining.HISTORY);
            double farthest = 0;
            for (int step = 0; step < spread.length; step++) {
                farthest = Math.max(farthest, Math.abs(noisy[step] - losses[step]));
                spread[step] = Math.max(spread[step], farthest);
            }
        }
        List<double[]> bounds = new ArrayList<>(truth.bounds());
        bounds.set(SmallTraining.HISTORY, spread);
        return new Oracle.Truth(truth.values(), bounds);
    }

    private Findings recorded(boolean asTrainer) {
        OutcomeChecker checker = new OutcomeChecker();
        calls(asTrainer).forEach(call -> recorded(call, asTrainer, checker));
        return checker.findings();
    }

    private void recorded(KernelCall call, boolean asTrainer, OutcomeChecker checker) {
        Outcome direct = fixture.runner().kernel(call);
        Backend backend = fixture.backend();
        try (PlacedCall placed = new PlacedCall(backend, call, Placement.PLAIN, null)) {
            SmallTraining training = new SmallTraining(placed.matrices(), asTrainer);
            Step step = backend.record(() -> training.step(backend.kernels()));
            for (int i = 0; i < SmallTraining.STEPS / 2; i++) {
                step.run(1);
            }
            step.run(SmallTraining.STEPS - SmallTraining.STEPS / 2);
            if (asTrainer && !fixture.exact()) {
                checker.checkBounds(call, placed.outcome(), SmallTraining.HISTORY, truth(call));
            } else {
                checker.checkSameBits(call, placed.outcome(), direct, "the same steps, not recorded, give");
            }
        }
    }
}
