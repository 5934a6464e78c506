package bpnn.tck;

import bpnn.spi.Backend;
import bpnn.spi.ReferenceBackend;
import bpnn.spi.Step;
import java.util.ArrayList;
import java.util.List;

/** A small training gives the losses that it should, and a recorded step repeats what the step does. */
final class TrainingCases {
    private static final int RUNS = 16;

    private final Session session;

    TrainingCases(Session session) {
        this.session = session;
    }

    List<ConformanceCase> cases() {
        return List.of(
                new ConformanceCase(Group.TRAINING, "losses", this::losses),
                new ConformanceCase(Group.TRAINING, "a recorded step does the same", this::recorded));
    }

    private Findings losses() {
        Tally tally = new Tally();
        KernelCall call = SmallTraining.call(session.draws());
        Outcome found = session.bench().kernel(call);
        tally.within(call, found, SmallTraining.HISTORY, truth(call));
        if (session.exact()) {
            try (ReferenceBackend reference = new ReferenceBackend()) {
                tally.sameBits(call, found, new Bench(reference).kernel(call), "the reference gives");
            }
        }
        return tally.findings();
    }

    /**
     * The losses in float64, and how far runs with random roundings are from them, up to each step. A rounding is drawn
     * from the whole of its bound, and the farthest run counts. Measured in that unit: the reference 0.24, products of
     * inputs in TF32 75, in bf16 820.
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

    private Findings recorded() {
        Tally tally = new Tally();
        KernelCall call = SmallTraining.call(session.draws());
        Outcome direct = session.bench().kernel(call);
        Backend backend = session.backend();
        try (PlacedCall placed = new PlacedCall(backend, call, Placement.PLAIN, null)) {
            SmallTraining training = new SmallTraining(placed.matrices());
            Step step = backend.record(() -> training.step(backend.kernels()));
            for (int i = 0; i < SmallTraining.STEPS / 2; i++) {
                step.run(1);
            }
            step.run(SmallTraining.STEPS - SmallTraining.STEPS / 2);
            tally.sameBits(call, placed.outcome(), direct, "the same steps, not recorded, give");
        }
        return tally.findings();
    }
}
