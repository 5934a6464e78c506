package bpnn.io.image;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A picture of a digit, made into what MNIST would hold: light on dark, the digit in a box of 20x20 pixels whose centre
 * of mass lies in the centre of 28x28. A picture of that very size is taken as it is, unless its paper is grey.
 *
 * @param pixels grey values of 28 rows of 28
 * @param inverted whether the picture was taken as dark on light
 * @param remarks what a user should know of, each the rest of a sentence that begins with the picture's name
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels; identity is the right equality
public record DigitPicture(byte[] pixels, boolean inverted, List<String> remarks) {
    /** Rows and columns. */
    public static final int SIDE = 28;

    /** What is behind a digit of this very size is black if its brightness is at most this. */
    private static final float BLACK = 16;

    /** Pixels of the darkest and of the lightest that count: one in so many, and at least one. */
    private static final int EXTREME = 10_000;

    /** Whether a picture is dark on light, so that MNIST would hold its negative. */
    public enum Inversion {
        /** Found out by what is farther from the border's brightness: the darkest or the lightest. */
        AUTO,
        YES,
        NO
    }

    /**
     * Reads a PNG, or whatever else Java can read.
     *
     * @throws DataException if that fails, or the picture shows nothing
     */
    public static DigitPicture read(Path file, Inversion inversion) {
        PictureFile content = PictureFile.read(file);
        Luminance luminance = Luminance.of(content.image()).oriented(content.orientation());
        GreyImage grey = luminance.on(255);
        Extremes extremes = Extremes.of(grey);
        if (!luminance.isOpaque() && extremes.contrast() < DigitFinder.LEAST_CONTRAST) {
            // White on nothing is drawn for a dark page.
            grey = luminance.on(0);
            extremes = Extremes.of(grey);
        }
        float border = Background.border(grey);
        boolean darkOnLight = border - extremes.least > extremes.greatest - border;
        boolean inverted = inversion == Inversion.YES || (inversion == Inversion.AUTO && darkOnLight);
        GreyImage light = inverted ? grey.inverted() : grey;
        List<String> remarks = new ArrayList<>();
        if (content.remark() != null) {
            remarks.add(content.remark());
        }
        if (extremes.contrast() >= DigitFinder.LEAST_CONTRAST) {
            if (light.width() == SIDE && light.height() == SIDE && (inverted ? 255 - border : border) <= BLACK) {
                return new DigitPicture(light.bytes(), inverted, remarks);
            }
            Optional<DigitFinder> found = DigitFinder.find(light);
            if (found.isPresent()) {
                remarks.addAll(found.get().remarks());
                return new DigitPicture(found.get().digit().centred(SIDE).bytes(), inverted, remarks);
            }
        }
        throw new DataException(file + " shows no digit: all of it has about the same brightness.");
    }

    /** About the least and the greatest value. */
    private record Extremes(float least, float greatest) {
        static Extremes of(GreyImage grey) {
            float[] sorted = grey.values().clone();
            Arrays.sort(sorted);
            int left = sorted.length / EXTREME;
            return new Extremes(sorted[left], sorted[sorted.length - 1 - left]);
        }

        float contrast() {
            return greatest - least;
        }
    }

    /** What is drawn; nothing if it shows nothing. */
    public static Optional<DigitPicture> of(Drawing drawing) {
        GreyImage light = Luminance.of(drawing.onPaper()).on(0);
        return DigitFinder.allInk(light)
                .map(ink -> new DigitPicture(ink.centred(SIDE).bytes(), false, List.of()));
    }

    /**
     * The picture as a data set of one image; its label, which is unknown, plays no part.
     *
     * @param classes the classes of the model that is to read it
     */
    public Dataset dataset(int classes) {
        return new Dataset("the picture", SIDE, SIDE, classes, pixels, new byte[1]);
    }

    /** @throws DataException unless a network of so many inputs can read such pictures */
    public static void checkFits(int inputs) {
        if (inputs != SIDE * SIDE) {
            throw new DataException(
                    "Pictures are made into " + SIDE * SIDE + " pixels, but the model takes " + inputs + ".");
        }
    }
}
