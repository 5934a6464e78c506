package bpnn.io.image;

import java.util.Arrays;

/**
 * The paper behind ink that is lighter than it: first a quadratic surface fitted to what is not ink, for light that falls
 * off, then what an opening of the rest finds (Serra, Image Analysis and Mathematical Morphology, 1982), for shadows.
 */
final class Background {
    /** Half the side of the opening's square, as a share of the picture's longer side; strokes are thinner than the square. */
    private static final double RADIUS = 0.15;

    /** Points along each side that the surface is fitted to. */
    private static final int GRID = 64;

    private static final int FITS = 8;
    private static final int TERMS = 6;

    private Background() {}

    /** What is lighter than the paper, from 0. */
    static GreyImage removedFrom(GreyImage light) {
        GreyImage flat = minus(light, surface(light));
        int radius = (int) Math.max(1, Math.round(RADIUS * Math.max(light.width(), light.height())));
        GreyImage paper = filtered(filtered(blurred(flat), radius, false), radius, true);
        float[] ink = minus(flat, paper).values();
        for (int i = 0; i < ink.length; i++) {
            ink[i] = Math.max(0, ink[i]);
        }
        return new GreyImage(light.width(), light.height(), ink);
    }

    /** The median of the outermost pixels. */
    static float border(GreyImage image) {
        int width = image.width();
        int height = image.height();
        float[] outermost = new float[2 * (width + height)];
        int count = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x += x == 0 && y > 0 && y < height - 1 ? Math.max(1, width - 1) : 1) {
                outermost[count++] = image.at(x, y);
            }
        }
        Arrays.sort(outermost, 0, count);
        return outermost[count / 2];
    }

    private static GreyImage minus(GreyImage a, GreyImage b) {
        float[] result = new float[a.values().length];
        for (int i = 0; i < result.length; i++) {
            result[i] = a.values()[i] - b.values()[i];
        }
        return new GreyImage(a.width(), a.height(), result);
    }

    /** Least squares over the points that lie near the surface of the fit before, which begins level with the border. */
    private static GreyImage surface(GreyImage image) {
        int stepX = Math.max(1, image.width() / GRID);
        int stepY = Math.max(1, image.height() / GRID);
        double[] surface = {border(image), 0, 0, 0, 0, 0};
        float[] distances = new float[(image.width() / stepX + 1) * (image.height() / stepY + 1)];
        for (int fit = 0; fit < FITS; fit++) {
            int count = 0;
            for (int y = 0; y < image.height(); y += stepY) {
                for (int x = 0; x < image.width(); x += stepX) {
                    distances[count++] = (float) Math.abs(image.at(x, y) - value(surface, terms(image, x, y)));
                }
            }
            Arrays.sort(distances, 0, count);
            double near = 3 * distances[count / 2] + 1;
            double[][] equations = new double[TERMS][TERMS + 1];
            for (int y = 0; y < image.height(); y += stepY) {
                for (int x = 0; x < image.width(); x += stepX) {
                    double[] terms = terms(image, x, y);
                    if (Math.abs(image.at(x, y) - value(surface, terms)) <= near) {
                        add(equations, terms, image.at(x, y));
                    }
                }
            }
            double[] next = solved(equations);
            if (next.length == 0) {
                break;
            }
            surface = next;
        }
        float[] values = new float[image.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value(surface, terms(image, i % image.width(), i / image.width()));
        }
        return new GreyImage(image.width(), image.height(), values);
    }

    /** 1, x, y, x², xy, y², with both coordinates from -1 to 1. */
    private static double[] terms(GreyImage image, int column, int row) {
        double x = 2 * (column + 0.5) / image.width() - 1;
        double y = 2 * (row + 0.5) / image.height() - 1;
        return new double[] {1, x, y, x * x, x * y, y * y};
    }

    private static double value(double[] surface, double[] terms) {
        double sum = 0;
        for (int i = 0; i < TERMS; i++) {
            sum += surface[i] * terms[i];
        }
        return sum;
    }

    private static void add(double[][] equations, double[] terms, double value) {
        for (int i = 0; i < TERMS; i++) {
            for (int j = 0; j < TERMS; j++) {
                equations[i][j] += terms[i] * terms[j];
            }
            equations[i][TERMS] += terms[i] * value;
        }
    }

    /** By Gauss and Jordan with pivots; empty if the points determine no surface. */
    private static double[] solved(double[][] equations) {
        for (int column = 0; column < TERMS; column++) {
            int pivot = column;
            for (int row = column + 1; row < TERMS; row++) {
                pivot = Math.abs(equations[row][column]) > Math.abs(equations[pivot][column]) ? row : pivot;
            }
            double[] chosen = equations[pivot];
            equations[pivot] = equations[column];
            equations[column] = chosen;
            if (Math.abs(chosen[column]) < 1e-9) {
                return new double[0];
            }
            for (int row = 0; row < TERMS; row++) {
                double factor = row == column ? 0 : equations[row][column] / chosen[column];
                for (int j = column; j <= TERMS; j++) {
                    equations[row][j] -= factor * chosen[j];
                }
            }
        }
        double[] solution = new double[TERMS];
        for (int i = 0; i < TERMS; i++) {
            solution[i] = equations[i][TERMS] / equations[i][i];
        }
        return solution;
    }

    /** The mean of 3x3, against noise. */
    private static GreyImage blurred(GreyImage image) {
        float[] result = new float[image.values().length];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                float sum = 0;
                int count = 0;
                for (int row = Math.max(0, y - 1); row <= Math.min(image.height() - 1, y + 1); row++) {
                    for (int column = Math.max(0, x - 1); column <= Math.min(image.width() - 1, x + 1); column++) {
                        sum += image.at(column, row);
                        count++;
                    }
                }
                result[y * image.width() + x] = sum / count;
            }
        }
        return new GreyImage(image.width(), image.height(), result);
    }

    /** The greatest or the least value of a square around each pixel, along rows and then along columns. */
    private static GreyImage filtered(GreyImage image, int radius, boolean greatest) {
        int width = image.width();
        int height = image.height();
        float[] values = image.values().clone();
        for (int y = 0; y < height; y++) {
            filterLine(values, y * width, 1, width, radius, greatest);
        }
        for (int x = 0; x < width; x++) {
            filterLine(values, x, width, height, radius, greatest);
        }
        return new GreyImage(width, height, values);
    }

    private static void filterLine(float[] values, int start, int step, int count, int radius, boolean greatest) {
        float[] line = new float[count];
        for (int i = 0; i < count; i++) {
            line[i] = values[start + i * step];
        }
        // The indices of a window's candidates, best first, as in Lemire's streaming maximum-minimum filter (2006).
        int[] candidates = new int[count];
        int first = 0;
        int end = 0;
        int added = 0;
        for (int i = 0; i < count; i++) {
            for (; added <= Math.min(count - 1, i + radius); added++) {
                while (end > first && !isBetter(line[candidates[end - 1]], line[added], greatest)) {
                    end--;
                }
                candidates[end++] = added;
            }
            if (candidates[first] < i - radius) {
                first++;
            }
            values[start + i * step] = line[candidates[first]];
        }
    }

    private static boolean isBetter(float a, float b, boolean greatest) {
        return greatest ? a > b : a < b;
    }
}
