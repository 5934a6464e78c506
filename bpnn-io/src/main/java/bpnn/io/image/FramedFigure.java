package bpnn.io.image;

import bpnn.data.DataException;
import bpnn.data.Framing;
import bpnn.data.ImageFormat;
import bpnn.io.image.InputPicture.Inversion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A figure on a picture, made into what MNIST or EMNIST would hold: light on dark, in a box of 20x20 pixels of 28x28 with
 * its centre of mass in the centre, or in a box of 24x24. A picture of the very size is taken as it is, unless its paper is
 * grey.
 */
final class FramedFigure {
    /** What is behind a figure of the very size is black if its brightness is at most this. */
    private static final float BLACK = 16;

    /** Pixels of the darkest and of the lightest that count: one in so many, and at least one. */
    private static final int EXTREME = 10_000;

    private FramedFigure() {}

    static InputPicture of(String name, PictureFile content, ImageFormat format, Inversion inversion) {
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
            boolean sameSize = light.width() == format.shape().width()
                    && light.height() == format.shape().height();
            if (sameSize && (inverted ? 255 - border : border) <= BLACK) {
                return new InputPicture(light.bytes(), inverted, remarks);
            }
            Optional<DigitFinder> found = DigitFinder.find(light);
            if (found.isPresent()) {
                remarks.addAll(found.get().remarks());
                return new InputPicture(framed(found.get().digit(), format), inverted, remarks);
            }
        }
        throw new DataException(name + " shows " + (isDigits(format) ? "no digit" : "nothing")
                + ": all of it has about the same brightness.");
    }

    private static boolean isDigits(ImageFormat format) {
        return format.isNumbered() && format.classes() == 10;
    }

    static Optional<InputPicture> of(Drawing drawing, ImageFormat format) {
        GreyImage light = Luminance.of(drawing.onPaper()).on(0);
        return DigitFinder.allInk(light).map(ink -> new InputPicture(framed(ink, format), false, List.of()));
    }

    private static byte[] framed(GreyImage figure, ImageFormat format) {
        int side = format.shape().height();
        return (format.framing() == Framing.BOUNDING_BOX ? figure.boxed(side) : figure.centred(side)).bytes();
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
}
