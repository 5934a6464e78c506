package bpnn.app.option;

import bpnn.app.session.Session;
import bpnn.data.Dataset;
import bpnn.images.SharedImages;
import bpnn.lab.run.RunPlan;
import bpnn.mnist.DataSplit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How training images are divided. */
public final class SplitOptions {
    private static final String MNIST = "mnist";
    private static final int DEFAULT_VALIDATION = 10_000;

    /** Of a small data set, no more than this part is held back unless the user says so. */
    private static final int DEFAULT_PARTS = 6;

    @Option(names = "--limit", paramLabel = "N", description = "Train on the first N images only.")
    private @Nullable Integer limit;

    @Option(
            names = "--validation",
            paramLabel = "N",
            description =
                    "Images held back from the end of the training set to validate on, 0 for none (default: those that the"
                            + " data set sets apart itself, else 10000, or a sixth of a smaller set).")
    private @Nullable Integer validation;

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        if (limit != null) {
            Range.atLeast("--limit", limit, 1);
        }
        if (validation != null) {
            Range.atLeast("--validation", validation, 0);
        }
    }

    /**
     * Takes the validation images that a data set has, or holds the last ones back; then the first ones of the rest. Says so
     * where that leaves classes out.
     */
    public RunPlan.Images divide(DataSplit data, Session session) {
        warnOfShared(data, session);
        int all = data.train().size();
        boolean own = validation == null && data.validation() != null;
        int held = own ? 0 : validation != null ? validation : Math.min(DEFAULT_VALIDATION, all / DEFAULT_PARTS);
        if (held >= all) {
            throw new UsageException("--validation is " + held + ", but must leave something of the " + all
                    + " training images of " + data.train().name() + " to learn from.");
        }
        int used = limit == null ? all - held : Math.min(limit, all - held);
        Dataset train = used == all ? data.train() : data.train().slice(0, used);
        Dataset judged =
                own ? data.validation() : held == 0 ? null : data.train().slice(all - held, all);
        warnOfOrder(train, "to learn from", session);
        if (judged != null) {
            warnOfOrder(judged, "to validate on", session);
        }
        return new RunPlan.Images(train, judged, data.test(), data.trainSha256(), data.testSha256(), data.facts());
    }

    /** MNIST has none, which need not be found out at every start. */
    private static void warnOfShared(DataSplit data, Session session) {
        if (data.isPublished() && data.train().name().equals(MNIST)) {
            return;
        }
        SharedImages shared = SharedImages.between(data.train(), data.test());
        if (!shared.images().isEmpty()) {
            session.warning(shared.images().size() + " of the " + data.test().size() + " test images of "
                    + data.test().name() + " are among its training images, pixel for pixel"
                    + (shared.contradicting() == 0 ? "" : ", " + shared.contradicting() + " of them with another class")
                    + ", so the test accuracy promises too much; ./bpnn data inspect tells which.");
        }
    }

    /** A data set that is sorted by class gives its first part to other classes than its last one. */
    private static void warnOfOrder(Dataset part, String purpose, Session session) {
        int shown = part.shownClasses().cardinality();
        if (part.size() >= 2 * part.classes() && 2 * shown < part.classes()) {
            session.warning("The " + part.size() + " images of " + part.name() + " " + purpose + " are of "
                    + shown + " of its " + part.classes()
                    + " classes only, as if it were sorted by class; put it into another order.");
        }
    }
}
