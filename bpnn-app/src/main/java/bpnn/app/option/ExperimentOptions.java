package bpnn.app.option;

import bpnn.lab.experiment.Preset;
import bpnn.lab.experiment.Settings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to compare. */
public final class ExperimentOptions {
    private static final int MAX_SEEDS = 1000;

    @Option(
            names = "--preset",
            paramLabel = "default|article",
            defaultValue = "default",
            description =
                    "default: batches of 128, 8 epochs, learning rate 0.001 with Adam and 0.01 with plain gradient"
                            + " descent; article: 64, 50, 0.0001 and 0.001 (default: ${DEFAULT-VALUE}).")
    private Preset preset = Preset.DEFAULT;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Runs of each arm (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "The first seed; the others follow (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs of each run (default: the preset's).")
    private @Nullable Integer epochs;

    @Option(names = "--batch-size", paramLabel = "N", description = "Images in a step (default: the preset's).")
    private @Nullable Integer batchSize;

    @Mixin
    private final HiddenOption hidden = new HiddenOption();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of runs and report (default: runs/experiment-<name>).")
    private @Nullable Path out;

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        Range.within("--seeds", seeds, 1, MAX_SEEDS);
        if (epochs != null) {
            Range.atLeast("--epochs", epochs, 1);
        }
        if (batchSize != null) {
            // Batch normalisation cannot take the statistics of one image.
            Range.atLeast("--batch-size", batchSize, 2);
        }
        if (hidden.layers().isEmpty()) {
            throw new UsageException(
                    "--hidden is none, but an experiment looks into hidden layers; give at least one.");
        }
    }

    /** What all runs have in common. */
    public Settings settings() {
        return new Settings(
                preset,
                seeds,
                seed,
                epochs == null ? preset.epochs() : epochs,
                batchSize == null ? preset.batchSize() : batchSize,
                hidden.layers());
    }

    /** The folder that was asked for. */
    public Optional<Path> out() {
        return Optional.ofNullable(out);
    }
}
