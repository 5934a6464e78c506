package bpnn.lab.audit;

import bpnn.lab.run.RunPlan;
import bpnn.lab.run.TrainingRun;
import bpnn.lab.trace.ForgedTraceException;
import bpnn.lab.trace.Trace;
import bpnn.lab.trace.TraceSchedule;
import bpnn.lab.trace.TraceState;
import bpnn.nn.EpochResult;
import bpnn.nn.StateTensor;
import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Follows a training in fast arithmetic from a kept state over a few steps to the next one: in float64, and several times
 * with each result perturbed within its rounding error (Monte Carlo arithmetic: D. S. Parker, 1997). The trace may be as
 * far from float64 as {@value StateDeviation#MOST} times these. Over more steps, roundings grow until they explain
 * everything.
 */
public final class BoundedAudit {
    private static final int RUNS = 4;

    private final Audit audit;
    private final RunPlan plan;
    private final Supplier<Backend> float64;
    private final LongFunction<Backend> perturbed;

    /**
     * @param float64 opens a backend that computes in float64
     * @param perturbed opens one that perturbs, from a seed
     */
    public BoundedAudit(Audit audit, RunPlan plan, Supplier<Backend> float64, LongFunction<Backend> perturbed) {
        this.audit = audit;
        this.plan = plan;
        this.float64 = float64;
        this.perturbed = perturbed;
    }

    /** The way from a state to the next one, over few steps. */
    public record Way(Trace.Link from, Trace.Link to) {}

    /** All ways that can be followed. */
    public static List<Way> ways(Trace trace) {
        List<Way> ways = new ArrayList<>();
        for (int i = 1; i < trace.links().size(); i++) {
            Trace.Link to = trace.links().get(i);
            for (Trace.Link from : trace.links().subList(0, i)) {
                if (to.isKept()
                        && to.step() - from.step() == TraceSchedule.SHORT_WAY
                        && (from.isKept() || from.step() == 0)) {
                    ways.add(new Way(from, to));
                }
            }
        }
        return ways;
    }

    /** The deviations of all tensors. */
    public List<StateDeviation> check(Way way, List<EpochResult> history) {
        TraceState start = audit.state(way.from());
        TraceState claimed = audit.state(way.to());
        TraceState truth = compute(float64.get(), start, history, way.to().step());
        List<TraceState> noisy = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            noisy.add(compute(perturbed.apply(i), start, history, way.to().step()));
        }
        List<StateDeviation> deviations = new ArrayList<>();
        truth.tensors().forEach((name, tensor) -> deviations.add(deviation(name, tensor, claimed, noisy)));
        return deviations;
    }

    private static StateDeviation deviation(
            String name, StateTensor truth, TraceState claimed, List<TraceState> noisy) {
        double largest = 0;
        double mean = 0;
        for (TraceState each : noisy) {
            largest = Math.max(largest, largest(truth, values(each, name)));
            mean = Math.max(mean, mean(truth, values(each, name)));
        }
        StateTensor found = values(claimed, name);
        return new StateDeviation(name, ratio(largest(truth, found), largest), ratio(mean(truth, found), mean));
    }

    private static StateTensor values(TraceState state, String name) {
        StateTensor tensor = state.tensors().get(name);
        if (tensor == null) {
            throw new ForgedTraceException("The state after step " + state.step() + " has no tensor " + name + ".");
        }
        return tensor;
    }

    private static double ratio(double deviation, double allowed) {
        return deviation == 0 ? 0 : deviation / allowed;
    }

    private static double largest(StateTensor truth, StateTensor other) {
        double largest = 0;
        for (int i = 0; i < truth.values().length; i++) {
            largest = Math.max(largest, Math.abs((double) truth.values()[i] - other.values()[i]));
        }
        return largest;
    }

    private static double mean(StateTensor truth, StateTensor other) {
        double sum = 0;
        for (int i = 0; i < truth.values().length; i++) {
            double difference = (double) truth.values()[i] - other.values()[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum / Math.max(1, truth.values().length));
    }

    private TraceState compute(Backend opened, TraceState start, List<EpochResult> history, long step) {
        try (Backend backend = opened;
                TrainingRun run = new TrainingRun(backend, plan)) {
            start.restore(run, history, audit.schedule().stepsPerEpoch());
            run.train(
                    new TrainingListener() {
                        @Override
                        public boolean observes(long each) {
                            return each == step;
                        }

                        @Override
                        public void afterStep(long each) {
                            throw new Arrival(TraceState.of(run, each));
                        }
                    },
                    step);
            throw new IllegalStateException("The training ended before step " + step);
        } catch (Arrival arrival) {
            return arrival.state;
        }
    }

    /** Ends a training before the epoch's evaluation, which would take float64 longer than all steps. */
    private static final class Arrival extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient TraceState state;

        Arrival(TraceState state) {
            this.state = state;
        }
    }
}
