package bpnn.app.option;

import bpnn.spi.Distortion;
import picocli.CommandLine.Option;

/** How training images are distorted. */
public final class AugmentationOptions {
    /** Which distortions; each brings those before it. */
    public enum Kind {
        NONE,
        SHIFT,
        AFFINE,
        ELASTIC
    }

    private static final int HALF_TURN = 180;

    @Option(
            names = "--augment",
            paramLabel = "none|shift|affine|elastic",
            defaultValue = "none",
            description =
                    "Distort the training images at random, anew in each epoch: shift: move them; affine: also turn,"
                            + " scale and shear them; elastic: also bend them as handwriting varies (default: ${DEFAULT-VALUE}).")
    private Kind kind = Kind.NONE;

    @Option(
            names = "--augment-shift",
            paramLabel = "X",
            defaultValue = "2",
            description = "Greatest shift in each direction, in pixels (default: ${DEFAULT-VALUE}).")
    private float shift;

    @Option(
            names = "--augment-rotation",
            paramLabel = "X",
            defaultValue = "10",
            description = "Greatest rotation either way, in degrees (default: ${DEFAULT-VALUE}).")
    private float rotation;

    @Option(
            names = "--augment-scale",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "Greatest change of width and height, as a share (default: ${DEFAULT-VALUE}).")
    private float scale;

    @Option(
            names = "--augment-shear",
            paramLabel = "X",
            defaultValue = "0.1",
            description = "Greatest shear, pixels to the side per pixel of height (default: ${DEFAULT-VALUE}).")
    private float shear;

    @Option(
            names = "--augment-alpha",
            paramLabel = "X",
            defaultValue = "24",
            description =
                    "Strength of the elastic distortion: noise of -1 to 1 at each pixel, smoothed, times this is the"
                            + " displacement in pixels (default: ${DEFAULT-VALUE}).")
    private float alpha;

    @Option(
            names = "--augment-sigma",
            paramLabel = "X",
            defaultValue = "4",
            description = "Deviation of the Gaussian that smooths that noise, in pixels (default: ${DEFAULT-VALUE}).")
    private float sigma;

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        Range.notNegative("--augment-shift", shift);
        Range.notNegative("--augment-rotation", rotation);
        if (rotation >= HALF_TURN) {
            throw new UsageException(
                    "--augment-rotation is " + rotation + ", but must be less than " + HALF_TURN + ".");
        }
        Range.share("--augment-scale", scale);
        Range.notNegative("--augment-shear", shear);
        Range.notNegative("--augment-alpha", alpha);
        if (!(sigma >= 1 && sigma < Float.POSITIVE_INFINITY)) {
            throw new UsageException("--augment-sigma is " + sigma + ", but must be at least 1 and finite.");
        }
    }

    /** The distortion. */
    public Distortion distortion() {
        return switch (kind) {
            case NONE -> Distortion.NONE;
            case SHIFT -> new Distortion(shift, 0, 0, 0, 0, sigma);
            case AFFINE -> new Distortion(shift, rotation, scale, shear, 0, sigma);
            case ELASTIC -> new Distortion(shift, rotation, scale, shear, alpha, sigma);
        };
    }
}
