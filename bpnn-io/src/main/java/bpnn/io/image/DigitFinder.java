package bpnn.io.image;

import bpnn.io.image.InkMask.Figure;
import bpnn.io.image.InkMask.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds the digit on a picture that is lighter than what is behind it.
 *
 * @param digit its bounding box, with paper at 0 and ink at up to 255
 * @param remarks what a user should know of, each the rest of a sentence that begins with the picture's name
 */
record DigitFinder(GreyImage digit, List<String> remarks) {
    /** Less contrast than this is no digit but noise. */
    static final float LEAST_CONTRAST = 32;

    /** More pixels than this along a side tell no more about a digit. */
    private static final int LONGEST_SIDE = 560;

    /** What is brighter than this share of the brightest ink is ink too; the next ones where that much runs into the border. */
    private static final float[] THRESHOLDS = {0.25f, 0.35f, 0.5f};

    /** One pixel in so many may be brighter than what counts as the brightest. */
    private static final int OUTLIERS = 10_000;

    /** Pieces with less than this share of the largest one's pixels are specks. */
    private static final double SPECK = 0.02;

    /** A figure with less than this share of the digit's pixels is not worth a word. */
    private static final double SEPARATE = 0.2;

    /** How far apart the strokes of a digit may lie, as a share of its longer side. */
    private static final double NEARNESS = 0.15;

    /** Empty where all of it has about the same brightness. */
    static Optional<DigitFinder> find(GreyImage light) {
        int side = Math.max(light.width(), light.height());
        GreyImage ink = Background.removedFrom(side > LONGEST_SIDE ? light.scaledInto(LONGEST_SIDE) : light);
        float[] sorted = ink.values().clone();
        Arrays.sort(sorted);
        float brightest = sorted[sorted.length - 1 - sorted.length / OUTLIERS];
        float paper = noise(sorted, THRESHOLDS[0] * brightest);
        float range = brightest - paper;
        if (range < LEAST_CONTRAST) {
            return Optional.empty();
        }
        GreyImage normal = normalised(ink, paper, range);
        List<DigitFinder> candidates = new ArrayList<>();
        for (float threshold : THRESHOLDS) {
            InkMask mask = new InkMask(normal, 255 * threshold);
            List<String> remarks = new ArrayList<>();
            Figure figure = figure(mask, remarks);
            Piece box = figure.box();
            GreyImage digit = mask.only(figure, normal).cropped(box.left(), box.top(), box.right(), box.bottom());
            candidates.add(new DigitFinder(digit, List.copyOf(remarks)));
            if (figure.pieces().stream().noneMatch(mask::touchesBorder)) {
                return Optional.of(candidates.get(candidates.size() - 1));
            }
        }
        return Optional.of(candidates.get(0));
    }

    /** All that is lighter than black, as of a drawing; empty if nothing is. */
    static Optional<GreyImage> allInk(GreyImage drawing) {
        float brightest = 0;
        for (float value : drawing.values()) {
            brightest = Math.max(brightest, value);
        }
        if (brightest < LEAST_CONTRAST) {
            return Optional.empty();
        }
        GreyImage normal = normalised(drawing, 0, brightest);
        Piece box = InkMask.figures(new InkMask(normal, 255 * THRESHOLDS[0]).pieces(), Double.POSITIVE_INFINITY)
                .get(0)
                .box();
        return Optional.of(normal.cropped(box.left(), box.top(), box.right(), box.bottom()));
    }

    /** What the paper's own brightness rises to: its median, and three standard deviations by the median deviation. */
    private static float noise(float[] sorted, float limit) {
        int count = 0;
        while (count < sorted.length && sorted[count] < limit) {
            count++;
        }
        if (count == 0) {
            return 0;
        }
        float median = sorted[count / 2];
        float[] deviations = new float[count];
        for (int i = 0; i < count; i++) {
            deviations[i] = Math.abs(sorted[i] - median);
        }
        Arrays.sort(deviations);
        return median + 3 * 1.4826f * deviations[count / 2];
    }

    private static GreyImage normalised(GreyImage ink, float paper, float range) {
        float[] values = new float[ink.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, Math.min(255, (ink.values()[i] - paper) * 255 / range));
        }
        return new GreyImage(ink.width(), ink.height(), values);
    }

    private static Figure figure(InkMask mask, List<String> remarks) {
        List<Piece> pieces = new ArrayList<>(mask.pieces());
        int largest = pieces.get(0).pixels();
        pieces.removeIf(piece -> piece.pixels() < SPECK * largest);
        List<Piece> inside = new ArrayList<>(pieces);
        inside.removeIf(mask::touchesBorder);
        if (inside.isEmpty()) {
            remarks.add(
                    "has ink that touches its border; the digit may be cut off, or something else is in the picture");
            inside = pieces;
        } else if (inside.size() < pieces.size()) {
            remarks.add("has ink that touches its border, which is left out");
        }
        List<Piece> framed = new ArrayList<>(inside);
        List<Piece> candidates = inside;
        framed.removeIf(frame -> candidates.stream()
                .anyMatch(piece -> frame.encloses(piece) && piece.pixels() > SEPARATE * frame.pixels()));
        if (framed.size() < inside.size()) {
            remarks.add("has a frame around the digit, which is left out");
        }
        List<Figure> figures = InkMask.figures(framed, NEARNESS);
        int digit = figures.get(0).box().pixels();
        long separate = figures.stream()
                .filter(figure -> figure.box().pixels() >= SEPARATE * digit)
                .count();
        if (separate > 1) {
            remarks.add("shows " + separate + " separate figures, of which the largest is read");
        }
        return figures.get(0);
    }
}
