package bpnn.app.option;

import bpnn.data.Dataset;
import bpnn.mnist.DataSplit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How training images are divided. */
public final class SplitOptions {
    private static final int DEFAULT_VALIDATION = 10_000;

    /** Of a small data set, no more than this part is held back unless the user says so. */
    private static final int DEFAULT_PARTS = 6;

    @Option(names = "--limit", paramLabel = "N", description = "Train on the first N images only.")
    private @Nullable Integer limit;

    @Option(
            names = "--validation",
            paramLabel = "N",
            description =
                    "Images held back from the end of the training set to validate on, 0 for none (default: 10000,"
                            + " or a sixth of a smaller set).")
    private @Nullable Integer validation;

    /**
     * Training images, divided.
     *
     * @param train to learn from
     * @param validation held back; null if there are none
     */
    public record Division(Dataset train, @Nullable Dataset validation) {}

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        if (limit != null) {
            Range.atLeast("--limit", limit, 1);
        }
        if (validation != null) {
            Range.atLeast("--validation", validation, 0);
        }
    }

    /** Holds the last images back, then takes the first ones of the rest. */
    public Division divide(DataSplit data) {
        int all = data.train().size();
        int held = validation != null ? validation : Math.min(DEFAULT_VALIDATION, all / DEFAULT_PARTS);
        if (held >= all) {
            throw new UsageException("--validation is " + held + ", but must leave something of the " + all
                    + " training images of " + data.train().name() + " to learn from.");
        }
        int used = limit == null ? all - held : Math.min(limit, all - held);
        Dataset train = data.train().slice(0, used);
        return new Division(train, held == 0 ? null : data.train().slice(all - held, all));
    }
}
