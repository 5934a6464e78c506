package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.Range;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.backend.BackendCatalogue;
import bpnn.data.DataException;
import bpnn.lab.audit.Audit;
import bpnn.lab.audit.BoundedAudit;
import bpnn.lab.audit.KernelLocation;
import bpnn.lab.audit.KernelLocator;
import bpnn.lab.audit.Parting;
import bpnn.lab.audit.Segment;
import bpnn.lab.audit.SegmentSample;
import bpnn.lab.audit.StateDeviation;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunPlan;
import bpnn.lab.trace.ForgedTraceException;
import bpnn.lab.trace.Trace;
import bpnn.lab.trace.TraceSignature;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import bpnn.spi.Backend;
import bpnn.spi.BackendException;
import bpnn.tck.oracle.Float64Backend;
import bpnn.tck.oracle.NoisyKernels;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a traced training by computing some of it again. */
@Command(
        name = "audit",
        sortOptions = false,
        description = {
            "Checks a run that was trained with --trace: its chain of hashes, its files, its initial state, and some"
                    + " segments of it, which are computed again in exact arithmetic and must give the same bits.",
            "A run in fast arithmetic is followed for a few steps from each kept state, within the bounds of rounding errors,"
                    + " which proves less."
        },
        exitCodeListHeading = "%nExit codes beside those of every command:%n",
        exitCodeList = {"0:everything that was checked agrees", "1:something does not"})
public final class AuditCommand implements Callable<Integer> {
    /** Something does not agree. */
    static final int FORGED = 1;

    private static final int SEGMENTS = 12;
    /** Float64 takes a hundred times as long. */
    private static final int SHORT_WAYS = 3;

    private final Session session;

    @Parameters(paramLabel = "RUN", description = "The folder of the run.")
    private Path path = Path.of("");

    @Option(
            names = "--segments",
            paramLabel = "K",
            description = "Segments to draw and compute (default: 12, or 3 of a run in fast arithmetic).")
    private @Nullable Integer segments;

    @Option(names = "--all", fallbackValue = "true", description = "Compute all segments, and so the whole training.")
    private boolean all;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Decides which segments are drawn (default: a number that nobody can foresee; it is shown).")
    private @Nullable Long seed;

    @Option(
            names = "--locate",
            fallbackValue = "true",
            description =
                    "Where bits part, look for the first step, kernel and element, on the backend of the trace and the"
                            + " one that checks.")
    private boolean locate;

    @Option(
            names = "--public-key",
            paramLabel = "KEY",
            description =
                    "Check that the owner of this Ed25519 key signed the trace: a PEM file, as openssl pkey -pubout"
                            + " writes it.")
    private @Nullable Path publicKey;

    @Option(names = "--dataset", paramLabel = "DIR", description = "Where the images lie now, if they were moved.")
    private @Nullable String dataset;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where MNIST lies now, if it was moved.")
    private @Nullable Path dataDir;

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    public AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (segments != null) {
            Range.atLeast("--segments", segments, 1);
            if (all) {
                throw new UsageException("Either --segments or --all can be given, not both.");
            }
        }
        PublicKey key = publicKey == null ? null : TraceSignature.readPublicKey(publicKey);
        json.put("confirmed", false);
        try {
            Trace trace = Trace.read(path);
            checkSignature(trace, key);
            Audit.checkFiles(new RunFolder(path), trace);
            return audit(trace);
        } catch (ForgedTraceException e) {
            return forged(String.valueOf(e.getMessage()));
        }
    }

    private int forged(String sentence) {
        json.put("reason", sentence);
        session.result("The trace does not hold. " + sentence, json);
        return FORGED;
    }

    private void checkSignature(Trace trace, @Nullable PublicKey key) {
        json.put("signed", trace.signature() != null);
        if (key == null) {
            session.notice("Chain of " + trace.links().size() + " links intact, "
                    + (trace.signature() == null ? "not signed." : "signed; --public-key checks by whom."));
            return;
        }
        String fingerprint = TraceSignature.fingerprint(key);
        if (!trace.isSignedBy(key)) {
            throw new ForgedTraceException(
                    trace.signature() == null
                            ? "It is not signed, but was to be by the owner of the key " + fingerprint + "."
                            : "It is signed, but not by the owner of the key " + fingerprint + ".");
        }
        json.put("signedBy", fingerprint);
        session.notice("Chain of " + trace.links().size() + " links intact, signed by the owner of the key "
                + fingerprint + ".");
    }

    private int audit(Trace trace) {
        RecordedOptions options =
                new RecordedOptions(trace.folder().chain(), trace.header().path("options"));
        options.override("dataset", dataset);
        options.override("data-dir", dataDir);
        RunPlan plan = options.command(session).plan();
        BackendCatalogue catalogue = backends.compute().catalogue(session);
        backends.compute().check();
        try (Backend backend = backends.compute().openExact(session, backends.select(catalogue));
                Audit audit = new Audit(backend, plan, trace)) {
            json.put("backend", backend.id()).put("device", backend.device());
            json.put("claimedBy", trace.computers());
            session.notice("Files, configuration, data and initial state agree with the trace.");
            return trace.isExact() ? exact(audit, trace, plan, backend, catalogue) : fast(audit, trace, plan);
        }
    }

    private long seed() {
        // Whoever forges must not know what will be drawn, so this seed alone comes from the system; it is shown.
        long drawn = seed == null ? new SecureRandom().nextInt() & 0xFFFFFFFFL : seed;
        json.put("seed", drawn);
        return drawn;
    }

    private int exact(Audit audit, Trace trace, RunPlan plan, Backend backend, BackendCatalogue catalogue) {
        List<Segment> whole = audit.segments();
        int count = all ? whole.size() : segments == null ? SEGMENTS : segments;
        List<Integer> drawn = SegmentSample.draw(count, whole.size(), seed());
        json.put("segments", whole.size()).put("checked", drawn.size());
        int done = 0;
        for (int number : drawn) {
            Segment segment = whole.get(number);
            Optional<Parting> parting = audit.check(segment);
            if (parting.isPresent()) {
                return parted(audit, parting.get(), plan, backend, catalogue);
            }
            session.notice(++done + " of " + drawn.size() + ": segment " + (number + 1) + ", " + segment.words()
                    + ", same bits.");
        }
        int forged = SegmentSample.forged(whole.size());
        double noticed = SegmentSample.probabilityOfNoticing(drawn.size(), whole.size(), forged);
        json.put("confirmed", true).put("probabilityOfNoticing", noticed);
        String text = drawn.size() + " of " + drawn.size() + " segments computed on " + backend.id() + " ("
                + backend.device() + ") gave the bits that " + trace.computers() + " claimed; "
                + (drawn.size() == whole.size()
                        ? "that is the whole training."
                        : String.format(
                                Locale.ROOT,
                                "the training has %d segments, drawn with seed %d. A training with a tenth of its segments"
                                        + " forged would have been noticed with %.0f %%.",
                                whole.size(),
                                json.get("seed").asLong(),
                                100 * noticed));
        session.result(text + "\nWeights sha256 " + audit.end().weightsSha256(), json);
        return ExitCode.DONE;
    }

    private int parted(Audit audit, Parting parting, RunPlan plan, Backend backend, BackendCatalogue catalogue) {
        StringBuilder text = new StringBuilder(parting.what());
        long before = parting.lastEqual().step();
        text.append(" Up to step ").append(before).append(" the bits are the same.");
        ObjectNode node = json.putObject("parting").put("lastEqualStep", before);
        Trace.Link link = parting.link();
        if (link != null) {
            node.put("step", link.step());
        }
        if (parting.difference() != null) {
            text.append("\n").append(parting.difference().sentence());
            node.put("tensor", parting.difference().tensor())
                    .put("index", parting.difference().index());
            node.put("claimed", parting.difference().claimed())
                    .put("found", parting.difference().found());
        }
        if (locate && link != null) {
            text.append("\n").append(located(audit, parting, link, plan, backend, catalogue));
        }
        return forged(text.toString());
    }

    /** The backend that the trace names is asked what it computes here. */
    private String located(
            Audit audit, Parting parting, Trace.Link link, RunPlan plan, Backend backend, BackendCatalogue catalogue) {
        String id = link.computer().backend();
        if (id.equals(backend.id())) {
            return "The trace was made with backend " + id
                    + ", which gives other bits here; no step or kernel can be named.";
        }
        try (Backend claimant = backends.compute().openExact(session, catalogue.select(id));
                KernelLocator locator = new KernelLocator(plan, audit.schedule(), claimant, backend)) {
            Optional<KernelLocation> location =
                    locator.locate(audit.state(parting.segment().from()), parting.history(), link.step());
            if (location.isEmpty()) {
                return "Backend " + id + " gives the same bits as " + backend.id()
                        + " here, so no kernel of it explains the trace.";
            }
            KernelLocation found = location.get();
            json.putObject("location")
                    .put("step", found.step())
                    .put("kernel", found.kernel())
                    .put("call", found.call())
                    .put("operand", found.operand())
                    .put("row", found.row())
                    .put("column", found.column())
                    .put("claimed", found.claimed())
                    .put("found", found.found());
            return found.sentence(id, backend.id());
        } catch (BackendException e) {
            return "Backend " + id + " cannot be asked here: " + e.getMessage();
        }
    }

    private int fast(Audit audit, Trace trace, RunPlan plan) {
        List<BoundedAudit.Way> ways = BoundedAudit.ways(trace);
        if (ways.isEmpty()) {
            throw new DataException(
                    "The trace is of fast arithmetic and has no two states a few steps apart, so nothing in it"
                            + " can be computed again.");
        }
        int count = all ? ways.size() : segments == null ? SHORT_WAYS : segments;
        List<Integer> drawn = SegmentSample.draw(count, ways.size(), seed());
        json.put("segments", ways.size()).put("checked", drawn.size());
        BoundedAudit bounded = new BoundedAudit(audit, plan, Float64Backend::new, AuditCommand::perturbed);
        double worst = 0;
        for (int number : drawn) {
            BoundedAudit.Way way = ways.get(number);
            List<StateDeviation> deviations = bounded.check(way, trace.history(way.from()));
            String steps =
                    "steps " + (way.from().step() + 1) + " to " + way.to().step();
            StateDeviation farthest = deviations.stream()
                    .max(Comparator.comparingDouble(StateDeviation::farthest))
                    .orElseThrow();
            worst = Math.max(worst, farthest.farthest());
            if (!farthest.isExplained()) {
                json.put("tensor", farthest.tensor()).put("deviation", farthest.farthest());
                return forged(String.format(
                        Locale.ROOT,
                        "In %s, %s is %.3g times as far from float64 as rounding errors make it; %.0f times are allowed.",
                        steps,
                        farthest.tensor(),
                        farthest.farthest(),
                        StateDeviation.MOST));
            }
            session.notice(steps + ": within the bounds of rounding.");
        }
        json.put("confirmed", true).put("deviation", worst);
        session.result(
                String.format(
                        Locale.ROOT,
                        "%d of %d short ways that were followed agree with float64 within rounding errors (at most %.2f times"
                                + " as far as sampled ones; %.0f are allowed). %s computed in fast arithmetic, whose bits no other"
                                + " machine gives, so this is weaker than an audit of exact arithmetic: of the steps between"
                                + " the states it says nothing.",
                        drawn.size(),
                        drawn.size(),
                        worst,
                        StateDeviation.MOST,
                        trace.computers()),
                json);
        return ExitCode.DONE;
    }

    private static Backend perturbed(long seed) {
        return new Float64Backend(backend -> new NoisyKernels(backend, new RandomStream(seed, Purpose.AUDIT, 1, 0)));
    }
}
