package bpnn.lab.audit;

import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.lab.trace.TraceSchedule;
import bpnn.lab.trace.TraceState;
import bpnn.nn.EpochResult;
import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds where two backends part: the step by bisection, then the kernel call and the element, from the state before that
 * step.
 */
public final class KernelLocator implements AutoCloseable {
    private final TraceSchedule schedule;
    private final Side claimant;
    private final Side auditor;

    /** @param schedule of the trace; only its epochs matter */
    public KernelLocator(RunPlan plan, TraceSchedule schedule, Backend claimant, Backend auditor) {
        this.schedule = schedule;
        this.claimant = new Side(plan, claimant);
        try {
            this.auditor = new Side(plan, auditor);
        } catch (RuntimeException | Error e) {
            this.claimant.run.close();
            throw e;
        }
    }

    /** A state with the epochs that led to it. */
    private record Position(TraceState state, List<EpochResult> history) {}

    /**
     * Looks for the first difference.
     *
     * @param start a state that both begin with
     * @param history the epochs that were over there
     * @param last the step to which to look
     * @return empty if there is none
     */
    public Optional<KernelLocation> locate(TraceState start, List<EpochResult> history, long last) {
        Position before = new Position(start, history);
        if (sameAt(before, last) != null) {
            return Optional.empty();
        }
        long differs = last;
        while (differs - before.state.step() > 1) {
            long middle = (differs + before.state.step()) >>> 1;
            Position there = sameAt(before, middle);
            if (there == null) {
                differs = middle;
            } else {
                before = there;
            }
        }
        return Optional.of(inStep(before, differs));
    }

    /** The state at a step if both reach the same one. */
    private @Nullable Position sameAt(Position from, long step) {
        Position claimed = claimant.go(from, step);
        Position found = auditor.go(from, step);
        return claimed.state.sha256().equals(found.state.sha256()) ? found : null;
    }

    private KernelLocation inStep(Position before, long step) {
        claimant.log.begin(-1);
        auditor.log.begin(-1);
        sameAt(before, step);
        List<KernelLog.Entry> claimed = claimant.log.entries();
        List<KernelLog.Entry> found = auditor.log.entries();
        int call = 0;
        while (call < claimed.size() - 1 && claimed.get(call).equals(found.get(call))) {
            call++;
        }
        claimant.log.begin(call);
        auditor.log.begin(call);
        sameAt(before, step);
        claimant.log.end();
        auditor.log.end();
        return element(step, call, claimed.get(call).kernel());
    }

    private KernelLocation element(long step, int call, String kernel) {
        for (Map.Entry<String, KernelLog.Operand> operand :
                claimant.log.operands().entrySet()) {
            float[] claimed = operand.getValue().values();
            float[] found = Objects.requireNonNull(auditor.log.operands().get(operand.getKey()))
                    .values();
            for (int i = 0; i < claimed.length; i++) {
                if (Float.floatToIntBits(claimed[i]) != Float.floatToIntBits(found[i])) {
                    int cols = operand.getValue().cols();
                    return new KernelLocation(
                            step, call + 1, kernel, operand.getKey(), i / cols, i % cols, claimed[i], found[i]);
                }
            }
        }
        throw new IllegalStateException("Step " + step + " gives other bits, but none of its kernels does");
    }

    /** One of the two. */
    private final class Side {
        private final KernelLog log;
        private final TrainingRun run;

        Side(RunPlan plan, Backend backend) {
            this.log = new KernelLog(backend);
            this.run = new TrainingRun(log.backend(), plan);
        }

        Position go(Position from, long step) {
            from.state.restore(run, from.history, schedule.stepsPerEpoch());
            List<EpochResult> history = new ArrayList<>(from.history);
            List<TraceState> reached = new ArrayList<>();
            run.train(
                    new TrainingListener() {
                        @Override
                        public boolean observes(long each) {
                            return each == step && !schedule.endsEpoch(step);
                        }

                        @Override
                        public void afterStep(long each) {
                            reached.add(TraceState.of(run, each));
                        }

                        @Override
                        public void onEpoch(EpochResult result) {
                            if (result.steps() == schedule.stepsPerEpoch()) {
                                history.add(result);
                            }
                            if (schedule.endsEpoch(step)) {
                                reached.add(TraceState.of(run, step));
                            }
                        }
                    },
                    step);
            return new Position(reached.get(reached.size() - 1), history);
        }
    }

    @Override
    public void close() {
        claimant.run.close();
        auditor.run.close();
    }
}
