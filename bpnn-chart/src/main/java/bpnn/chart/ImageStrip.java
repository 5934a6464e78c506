package bpnn.chart;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Images side by side, each with a number.
 *
 * @param id its name in files
 * @param title what it shows
 * @param alternative the same for those who cannot see it
 * @param quantity what the numbers are
 * @param items from the left to the right
 */
public record ImageStrip(String id, String title, String alternative, String quantity, List<Item> items)
        implements Figure {
    /**
     * An image.
     *
     * @param image itself
     * @param caption what is to be said of it
     * @param value its number
     */
    public record Item(BufferedImage image, String caption, double value) {}

    public ImageStrip {
        items = List.copyOf(items);
    }

    /** The numbers of the images in their order. */
    @Override
    public Chart asChart() {
        double[] x = new double[items.size()];
        double[] y = new double[items.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = i + 1;
            y[i] = items.get(i).value();
        }
        Series values = Series.plain(0, quantity, Series.Stroke.SOLID, x, y);
        return Chart.of(
                id, title, alternative, Chart.Axis.linear("image"), Chart.Axis.linear(quantity), List.of(values));
    }
}
