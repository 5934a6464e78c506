package bpnn.chart;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Wholes made of parts, a bar for each, as a picture. */
public final class StackedBars {
    private StackedBars() {}

    /**
     * A part of every whole.
     *
     * @param label what it is called
     * @param colour of it in every bar
     * @param values how large it is in each
     */
    public record Part(String label, Color colour, List<Double> values) {}

    /**
     * Draws.
     *
     * @param unit what the values are in
     * @param names of the bars
     * @param parts from the bottom to the top
     */
    public static BufferedImage of(String title, String unit, List<String> names, List<Part> parts) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(ChartPicture.WIDTH)
                .height(ChartPicture.HEIGHT)
                .title(title)
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setStacked(true).setAvailableSpaceFill(0.3);
        chart.getStyler()
                .setLegendLayout(LegendLayout.Horizontal)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendBorderColor(Color.WHITE)
                .setChartTitleFont(ChartPicture.TITLE);
        for (Part part : parts) {
            chart.addSeries(part.label(), names, part.values()).setFillColor(part.colour());
        }
        return BitmapEncoder.getBufferedImage(chart);
    }
}
