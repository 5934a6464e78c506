package bpnn.mnist;

import java.util.ArrayList;
import java.util.List;

/**
 * The strokes of one variant of a digit, as points on the path of the pen.
 *
 * <p>Coordinates increase to the right and downwards; a digit fills about [0, 1] in both. The text form is a list of
 * points {@code x,y}; between two points {@code |} marks the preceding point as a corner, and {@code /} lifts the pen.
 */
final class DigitShape {
    final int weight;
    /** Coordinates of all points. */
    final float[] x;

    final float[] y;
    /** Each curve is a spline through {@code points first[c] .. last[c]}, both included. */
    final int[] first;

    final int[] last;

    private DigitShape(int weight, List<float[]> points, List<int[]> curves) {
        this.weight = weight;
        this.x = new float[points.size()];
        this.y = new float[points.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = points.get(i)[0];
            y[i] = points.get(i)[1];
        }
        this.first = curves.stream().mapToInt(curve -> curve[0]).toArray();
        this.last = curves.stream().mapToInt(curve -> curve[1]).toArray();
    }

    /**
     * Parses the text form.
     *
     * @param weight frequency of this variant relative to the others of the digit
     */
    static DigitShape parse(int weight, String written) {
        List<float[]> points = new ArrayList<>();
        List<int[]> curves = new ArrayList<>();
        int start = 0;
        for (String token : written.split(" ", -1)) {
            switch (token) {
                case "|" -> {
                    curves.add(new int[] {start, points.size() - 1});
                    start = points.size() - 1;
                }
                case "/" -> {
                    curves.add(new int[] {start, points.size() - 1});
                    start = points.size();
                }
                default -> {
                    int comma = token.indexOf(',');
                    points.add(new float[] {
                        Float.parseFloat(token.substring(0, comma)), Float.parseFloat(token.substring(comma + 1))
                    });
                }
            }
        }
        curves.add(new int[] {start, points.size() - 1});
        return new DigitShape(weight, points, curves);
    }
}
