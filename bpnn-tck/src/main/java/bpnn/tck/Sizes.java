package bpnn.tck;

import bpnn.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The dimensions and shapes of the test calls. */
final class Sizes {
    /** 1, primes, and the neighbours of every power of two up to the size of vectors and tiles. */
    static final List<Integer> SIDES =
            List.of(1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 257);

    /** Numbers of classes: the fewest, the letters, and as many as a data set may have. */
    static final List<Integer> CLASSES = List.of(2, 26, 1000);

    private Sizes() {}

    /** Matrices with each of the dimensions, empty ones, and one that is large enough for several threads. */
    static List<Shape> matrices() {
        List<Shape> shapes = new ArrayList<>(batches(1));
        shapes.add(new Shape(0, 5));
        shapes.add(new Shape(5, 0));
        for (int side : SIDES) {
            shapes.add(new Shape(1, side));
            shapes.add(new Shape(side, 1));
        }
        shapes.add(new Shape(129, 1031));
        return shapes;
    }

    /** Batches of at least {@code smallest} examples and one feature. */
    static List<Shape> batches(int smallest) {
        List<Shape> shapes = new ArrayList<>();
        for (int side : SIDES) {
            if (side >= smallest) {
                shapes.add(new Shape(side, 5));
            }
            shapes.add(new Shape(7, side));
        }
        shapes.add(new Shape(128, 65));
        shapes.add(new Shape(65, 129));
        return shapes;
    }
}
