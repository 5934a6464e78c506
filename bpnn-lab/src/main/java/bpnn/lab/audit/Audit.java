package bpnn.lab.audit;

import bpnn.data.DataException;
import bpnn.io.model.Model;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.run.RunRecord;
import bpnn.lab.run.TrainingRun;
import bpnn.lab.trace.ForgedTraceException;
import bpnn.lab.trace.Trace;
import bpnn.lab.trace.TraceSchedule;
import bpnn.lab.trace.TraceState;
import bpnn.nn.DivergedException;
import bpnn.nn.EpochResult;
import bpnn.nn.TrainingListener;
import bpnn.nn.TrainingResult;
import bpnn.spi.Backend;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks a traced training: all that its files say at once, and segment by segment what was computed. */
public final class Audit implements AutoCloseable {
    private static final List<String> PARTS = List.of("configuration", "data");

    /** What may be called otherwise without being something else. */
    private static final String NAME_OF_DATA = "data.name";

    /** A state has optimiser state, averages and the best weights beside the weights. */
    private static final long MOST_COPIES = 8;

    private final Trace trace;
    private final Trace.End end;
    private final RunPlan plan;
    private final TrainingRun run;
    private final TraceSchedule schedule;
    private final TraceState initial;

    /**
     * @param backend to compute on, in exact arithmetic
     * @param plan what the trace says was trained
     * @throws DataException if the trace is not complete
     * @throws ForgedTraceException if the trace contradicts the plan
     */
    public Audit(Backend backend, RunPlan plan, Trace trace) {
        this.trace = trace;
        this.plan = plan;
        if (trace.end() == null) {
            throw new DataException("The trace " + trace.folder().chain() + " ends after step "
                    + trace.links().get(trace.links().size() - 1).step()
                    + " without saying so: it was cut off, or the training has not come to its end.");
        }
        this.end = trace.end();
        JsonNode planned = new RunRecord(new RunFolder(trace.folder().run()), plan, backend, Map.of()).textualCopy();
        requireSame(
                "What the trace vouches for is not what its options and the data here give", trace.header(), planned);
        this.run = new TrainingRun(backend, plan);
        try {
            this.schedule = trace.schedule(run.stepsPerEpoch());
            this.initial = TraceState.of(run, 0);
            checkSchedule();
            checkInitialState();
        } catch (RuntimeException | Error e) {
            run.close();
            throw e;
        }
    }

    /** Checks what a run's other files say against its trace. */
    public static void checkFiles(RunFolder folder, Trace trace) {
        JsonNode record = folder.readRecord()
                .orElseThrow(() ->
                        new DataException("There is no " + folder.record() + ", so nothing says what the run was."));
        requireSame("What run.json says is not what the trace vouches for", trace.header(), record);
        if (trace.end() == null) {
            return;
        }
        String claimed = trace.end().weightsSha256();
        String found = Model.read(folder.model(), assumption -> {}).sha256();
        if (!found.equals(claimed)) {
            throw new ForgedTraceException("The weights in " + folder.model()
                    + " are not those at the end of the trace: their hash is " + found + ", but " + claimed
                    + " stands in the chain.");
        }
        String recorded = record.at("/result/weightsSha256").asText();
        if (!recorded.equals(claimed)) {
            throw new ForgedTraceException(
                    "run.json has the hash " + recorded + " for the weights, but the trace ends with " + claimed + ".");
        }
    }

    private static void requireSame(String sentence, JsonNode header, JsonNode other) {
        String differences = RunRecord.differences(header, other, PARTS).stream()
                .filter(difference -> !difference.name().equals(NAME_OF_DATA))
                .map(difference -> difference.name() + " is " + difference.first() + " in the trace, but "
                        + difference.second() + " here")
                .collect(Collectors.joining("; "));
        if (!differences.isEmpty()) {
            throw new ForgedTraceException(sentence + ": " + differences + ".");
        }
    }

    /** An epoch that was skipped leaves a gap, whatever the hashes say. */
    private void checkSchedule() {
        List<Trace.Link> links = trace.links();
        int next = 0;
        for (long step = 0; step <= end.step(); step++) {
            if (!schedule.hasLink(step)) {
                continue;
            }
            if (next == links.size() || links.get(next).step() != step) {
                throw new ForgedTraceException("The trace has no link for step " + step + " (epoch "
                        + (step / schedule.stepsPerEpoch()) + "), where its plan needs one; "
                        + (next == links.size()
                                ? "none follows."
                                : "the next is that for step " + links.get(next).step() + "."));
            }
            Trace.Link link = links.get(next++);
            if (link.epochs() != step / schedule.stepsPerEpoch() || link.isKept() != schedule.keepsState(step)) {
                throw new ForgedTraceException("The link for step " + step + " has " + link.epochs() + " epochs and "
                        + (link.isKept() ? "a" : "no") + " kept state, which is not what the plan gives.");
            }
        }
        if (next < links.size()) {
            throw new ForgedTraceException("The trace has a link for step "
                    + links.get(next).step() + ", but says that the training ended after step " + end.step() + ".");
        }
        long all = (long) plan.training().epochs() * schedule.stepsPerEpoch();
        long planned = plan.training().maxSteps() == 0
                ? all
                : Math.min(all, plan.training().maxSteps());
        boolean mayEndEarly =
                plan.training().refinements().patience() > 0 || !end.status().equals("done");
        if (mayEndEarly ? end.step() > planned : end.step() != planned) {
            throw new ForgedTraceException("The trace says that the training was " + end.status() + " after step "
                    + end.step() + ", but its plan has " + planned + " steps.");
        }
    }

    private void checkInitialState() {
        String claimed = trace.links().get(0).stateSha256();
        if (!initial.sha256().equals(claimed)) {
            throw new ForgedTraceException("The trace does not begin with the state that configuration and seed give: "
                    + claimed + " stands in the chain, but " + initial.sha256() + " comes out.");
        }
    }

    /** What the training is divided into. */
    public List<Segment> segments() {
        List<Trace.Link> links = trace.links();
        List<Segment> segments = new ArrayList<>();
        int from = 0;
        for (int i = 1; i < links.size() - 1; i++) {
            long step = links.get(i).step();
            // A training that diverges goes back to the end of an epoch.
            if (schedule.isBoundary(step) && (!end.status().equals("diverged") || schedule.endsEpoch(step))) {
                segments.add(new Segment(links.get(from), links.subList(from + 1, i + 1), false));
                from = i;
            }
        }
        segments.add(new Segment(links.get(from), links.subList(from + 1, links.size()), true));
        return segments;
    }

    /** How the training ended. */
    public Trace.End end() {
        return end;
    }

    /** How often to make links and keep states. */
    public TraceSchedule schedule() {
        return schedule;
    }

    /** The state of a link, which must be one that was kept, or the initial one. */
    public TraceState state(Trace.Link link) {
        return link.step() == 0 ? initial : trace.state(link, MOST_COPIES * initial.bytes());
    }

    /** The bits at the end of each link of a segment, and of the model; empty if they are those of the trace. */
    public Optional<Parting> check(Segment segment) {
        TraceState start = state(segment.from());
        List<EpochResult> history = trace.history(segment.from());
        start.restore(run, history, schedule.stepsPerEpoch());
        Comparer comparer = new Comparer(segment);
        long last = segment.toEnd()
                ? end.step()
                : segment.links().get(segment.links().size() - 1).step();
        boolean diverged = false;
        TrainingResult result = null;
        try {
            result = run.train(comparer, last);
        } catch (DivergedException e) {
            diverged = true;
        }
        if (comparer.link != null) {
            return Optional.of(comparer.parting(history));
        }
        if (segment.toEnd()) {
            return checkEnd(diverged, result)
                    .map(what -> new Parting(
                            segment,
                            segment.links().isEmpty()
                                    ? segment.from()
                                    : segment.links().get(segment.links().size() - 1),
                            null,
                            what,
                            null,
                            history));
        }
        return diverged
                ? Optional.of(new Parting(
                        segment,
                        segment.from(),
                        null,
                        "The training diverges, which the trace does not say.",
                        null,
                        history))
                : Optional.empty();
    }

    private Optional<String> checkEnd(boolean diverged, @Nullable TrainingResult result) {
        if (diverged != end.status().equals("diverged")) {
            return Optional.of("The training was " + end.status() + " in the trace, but "
                    + (diverged ? "diverges" : "does not diverge") + " when computed again.");
        }
        if (result != null && result.steps() != end.step()) {
            return Optional.of("The training ended after step " + end.step() + " in the trace, but after step "
                    + result.steps() + " when computed again.");
        }
        if (plan.calibrated() && end.status().equals("done")) {
            run.calibrate();
        }
        String found = run.model().sha256();
        return found.equals(end.weightsSha256())
                ? Optional.empty()
                : Optional.of("The weights at the end have the hash " + end.weightsSha256() + " in the trace, but "
                        + found + " when computed again.");
    }

    /** Compares the state after each link, and the figures of each epoch. */
    private final class Comparer implements TrainingListener {
        private final Segment segment;
        private Trace.Link lastEqual;
        private Trace.@Nullable Link link;
        private String what = "";
        private @Nullable ValueDifference difference;
        private int next;

        Comparer(Segment segment) {
            this.segment = segment;
            this.lastEqual = segment.from();
        }

        @Override
        public boolean observes(long step) {
            return schedule.hasLink(step) && !schedule.endsEpoch(step);
        }

        @Override
        public void afterStep(long step) {
            compare(step, null);
        }

        @Override
        public void onEpoch(EpochResult result) {
            if (result.steps() == schedule.stepsPerEpoch()) {
                compare((long) result.epoch() * schedule.stepsPerEpoch(), result);
            }
        }

        private void compare(long step, @Nullable EpochResult figures) {
            if (next == segment.links().size()) {
                return;
            }
            Trace.Link claimed = segment.links().get(next++);
            TraceState found = TraceState.of(run, step);
            if (link == null) {
                what = whatDiffers(claimed, found, figures);
                if (what.isEmpty()) {
                    lastEqual = claimed;
                    return;
                }
                link = claimed;
            }
            if (difference == null && claimed.isKept()) {
                difference = ValueDifference.between(state(claimed).tensors(), found.tensors())
                        .orElse(null);
            }
        }

        private String whatDiffers(Trace.Link claimed, TraceState found, @Nullable EpochResult figures) {
            String sha256 = found.sha256();
            if (!sha256.equals(claimed.stateSha256())) {
                return "The state after step " + claimed.step() + " has the hash " + claimed.stateSha256()
                        + " in the trace, but " + sha256 + " when computed again.";
            }
            Double told = validationLoss(claimed.figures());
            Double again = validationLoss(figures);
            return Objects.equals(told, again)
                    ? ""
                    : "The validation loss after step " + claimed.step() + " is " + told + " in the trace, but " + again
                            + " when computed again.";
        }

        private @Nullable Double validationLoss(@Nullable EpochResult epoch) {
            return epoch == null || epoch.validation() == null
                    ? null
                    : (Double) epoch.validation().loss();
        }

        Parting parting(List<EpochResult> history) {
            return new Parting(segment, lastEqual, Objects.requireNonNull(link), what, difference, history);
        }
    }

    @Override
    public void close() {
        run.close();
    }
}
