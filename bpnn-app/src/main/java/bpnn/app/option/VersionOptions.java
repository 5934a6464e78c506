package bpnn.app.option;

import bpnn.io.model.LoadedEnsemble.Versions;
import bpnn.spi.Distortion;
import picocli.CommandLine.Option;

/** Test-time augmentation. */
public final class VersionOptions {
    private static final int MOST = 1000;

    /** Gentler than what training sees: a version should still be what the image was. */
    private static final Distortion GENTLE = new Distortion(1, 5, 0.05f, 0.05f, 10, 4);

    @Option(
            names = "--tta",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Judge N slightly distorted versions of each image beside the image itself, and take the mean; the same"
                            + " versions each time (default: ${DEFAULT-VALUE}).")
    private int versions;

    /** What is judged beside each image. */
    public Versions versions() {
        Range.within("--tta", versions, 0, MOST);
        return new Versions(versions, GENTLE, 1);
    }
}
