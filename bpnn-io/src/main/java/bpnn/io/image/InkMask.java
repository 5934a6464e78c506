package bpnn.io.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The connected pieces of ink on a picture. */
final class InkMask {
    private final int width;
    private final int height;

    /** The number of a pixel's piece, counted from 1; 0 for paper. */
    private final int[] labels;

    private final List<Piece> pieces = new ArrayList<>();

    /** A set of pixels that touch one another, with its bounding box. */
    record Piece(int label, int pixels, int left, int top, int right, int bottom) {
        private static Piece union(Piece a, Piece b) {
            return new Piece(
                    a.label,
                    a.pixels + b.pixels,
                    Math.min(a.left, b.left),
                    Math.min(a.top, b.top),
                    Math.max(a.right, b.right),
                    Math.max(a.bottom, b.bottom));
        }

        boolean encloses(Piece other) {
            return left < other.left && top < other.top && right > other.right && bottom > other.bottom;
        }

        int longerSide() {
            return Math.max(right - left, bottom - top) + 1;
        }

        /** Pixels between the two boxes, along the axis where they are farther apart. */
        int gapTo(Piece other) {
            int across = Math.max(left, other.left) - Math.min(right, other.right);
            int along = Math.max(top, other.top) - Math.min(bottom, other.bottom);
            return Math.max(0, Math.max(across, along) - 1);
        }
    }

    /** @param threshold what is lighter is ink */
    InkMask(GreyImage image, float threshold) {
        this.width = image.width();
        this.height = image.height();
        this.labels = new int[width * height];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = image.values()[i] > threshold ? -1 : 0;
        }
        int[] stack = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                pieces.add(fill(i, pieces.size() + 1, stack));
            }
        }
        pieces.sort(Comparator.comparingInt(Piece::pixels).reversed());
    }

    private Piece fill(int seed, int label, int[] stack) {
        int filled = 0;
        int left = width;
        int top = height;
        int right = 0;
        int bottom = 0;
        int depth = 0;
        labels[seed] = label;
        stack[depth++] = seed;
        while (depth > 0) {
            int pixel = stack[--depth];
            int x = pixel % width;
            int y = pixel / width;
            filled++;
            left = Math.min(left, x);
            top = Math.min(top, y);
            right = Math.max(right, x);
            bottom = Math.max(bottom, y);
            for (int row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
                for (int column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
                    if (labels[row * width + column] < 0) {
                        labels[row * width + column] = label;
                        stack[depth++] = row * width + column;
                    }
                }
            }
        }
        return new Piece(label, filled, left, top, right, bottom);
    }

    /** The pieces, the largest first. */
    List<Piece> pieces() {
        return pieces;
    }

    boolean touchesBorder(Piece piece) {
        return piece.left == 0 || piece.top == 0 || piece.right == width - 1 || piece.bottom == height - 1;
    }

    /** What is left of a picture where it shows none but these pieces and, for soft edges, what lies next to them. */
    GreyImage only(Figure figure, GreyImage image) {
        boolean[] shown = new boolean[pieces.size() + 1];
        figure.pieces.forEach(piece -> shown[piece.label] = true);
        float[] values = image.values().clone();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (!isNear(x, y, shown)) {
                    values[y * width + x] = 0;
                }
            }
        }
        return new GreyImage(width, height, values);
    }

    private boolean isNear(int x, int y, boolean[] shown) {
        if (labels[y * width + x] > 0) {
            return shown[labels[y * width + x]];
        }
        for (int row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
            for (int column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
                if (shown[labels[row * width + column]]) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Pieces that belong together.
     *
     * @param box their common bounding box, with the sum of their pixels
     */
    record Figure(List<Piece> pieces, Piece box) {}

    /**
     * Puts pieces together.
     *
     * @param pieces the largest first
     * @param nearness how far apart the pieces of a figure may lie, as a share of its longer side
     * @return the figures, the one with the most ink first
     */
    static List<Figure> figures(List<Piece> pieces, double nearness) {
        List<Piece> left = new ArrayList<>(pieces);
        List<Figure> figures = new ArrayList<>();
        while (!left.isEmpty()) {
            Piece box = left.remove(0);
            List<Piece> members = new ArrayList<>(List.of(box));
            Optional<Piece> near = near(box, left, nearness);
            while (near.isPresent()) {
                left.remove(near.get());
                members.add(near.get());
                box = Piece.union(box, near.get());
                near = near(box, left, nearness);
            }
            figures.add(new Figure(members, box));
        }
        figures.sort(
                Comparator.comparingInt((Figure figure) -> figure.box.pixels).reversed());
        return figures;
    }

    private static Optional<Piece> near(Piece box, List<Piece> others, double nearness) {
        return others.stream()
                .filter(other -> box.gapTo(other) <= nearness * box.longerSide())
                .findFirst();
    }
}
