package bpnn.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart as a picture, in the report's light colours. */
public final class ChartPicture {
    /** The colours of the contenders. */
    public static final List<Color> TONES = List.of(
            new Color(0xC2500A), new Color(0x0668A8), new Color(0x0B7A5C), new Color(0x7A3E9D), new Color(0x8A6D00));

    /** How titles are written. */
    public static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 18);

    public static final int WIDTH = 900;
    public static final int HEIGHT = 560;

    /** The colour of words. */
    public static final Color INK = new Color(0x1C1D20);

    /** The colour of words that matter less. */
    public static final Color SOFT = new Color(0x5D6068);

    private static final Color LINE = new Color(0xDCDAD3);

    private ChartPicture() {}

    /**
     * Draws a chart.
     *
     * @param crowded whether it has too many curves for a legend
     */
    public static BufferedImage of(Chart chart, boolean crowded) {
        return BitmapEncoder.getBufferedImage(chart(chart, crowded));
    }

    private static XYChart chart(Chart chart, boolean crowded) {
        XYChart picture = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(chart.title())
                .xAxisTitle(chart.x().label())
                .yAxisTitle(chart.y().label())
                .build();
        XYStyler styler = picture.getStyler();
        styler.setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setChartTitleFont(TITLE)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendBorderColor(Color.WHITE)
                .setLegendVisible(!crowded);
        styler.setPlotGridLinesColor(LINE).setAxisTickLabelsColor(SOFT);
        styler.setXAxisLogarithmic(chart.x().logarithmic())
                .setYAxisLogarithmic(chart.y().logarithmic());
        if (chart.y().logarithmic()) {
            wholeDecades(styler, chart);
        }
        for (Series series : chart.series()) {
            if (series.hasBand()) {
                edge(picture, chart, series, series.low(), "low");
                edge(picture, chart, series, series.high(), "high");
            }
            add(picture, chart, series, series.y(), series.label())
                    .setLineStyle(stroke(series.stroke(), crowded ? 1.2f : 2.4f))
                    .setLineColor(TONES.get(series.contender()));
        }
        Chart.Target target = chart.target();
        if (target != null) {
            double[] x = chart.series().get(0).x();
            double[] ends = {x[0], x[x.length - 1]};
            picture.addSeries(target.label(), ends, new double[] {target.value(), target.value()})
                    .setMarker(SeriesMarkers.NONE)
                    .setLineStyle(stroke(Series.Stroke.DASHED, 1.4f))
                    .setLineColor(INK);
        }
        return picture;
    }

    /** Lets a logarithmic axis begin and end at powers of ten, since only these have labels. */
    private static void wholeDecades(XYStyler styler, Chart chart) {
        DoubleStream target = chart.target() == null
                ? DoubleStream.empty()
                : DoubleStream.of(chart.target().value());
        DoubleStream curves = chart.series().stream()
                .flatMapToDouble(series ->
                        Stream.of(series.y(), series.low(), series.high()).flatMapToDouble(Arrays::stream));
        DoubleSummaryStatistics drawn = DoubleStream.concat(target, curves)
                .filter(value -> value > 0 && value < Double.POSITIVE_INFINITY)
                .map(Math::log10)
                .summaryStatistics();
        if (drawn.getCount() > 0) {
            double lowest = Math.floor(drawn.getMin());
            styler.setYAxisMin(Math.pow(10, lowest));
            styler.setYAxisMax(Math.pow(10, Math.max(lowest + 1, Math.ceil(drawn.getMax()))));
        }
    }

    private static void edge(XYChart picture, Chart chart, Series series, double[] values, String end) {
        Color tone = TONES.get(series.contender());
        add(picture, chart, series, values, series.label() + " " + end)
                .setLineStyle(stroke(series.stroke(), 1f))
                .setLineColor(new Color(tone.getRed(), tone.getGreen(), tone.getBlue(), 110))
                .setShowInLegend(false);
    }

    /** What cannot be drawn, such as 0 on a logarithmic axis, becomes a gap. */
    private static XYSeries add(XYChart picture, Chart chart, Series series, double[] values, String name) {
        double[] y = Arrays.stream(values)
                .map(value -> chart.y().logarithmic() && value <= 0 ? Double.NaN : value)
                .toArray();
        XYSeries added = picture.addSeries(name, series.x(), y);
        added.setMarker(SeriesMarkers.NONE);
        return added;
    }

    /** How a curve is drawn. */
    public static BasicStroke stroke(Series.Stroke stroke, float width) {
        float[] dash = switch (stroke) {
            case SOLID -> null;
            case DASHED -> new float[] {8, 6};
            case DOTTED -> new float[] {2, 4};
        };
        return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 10, dash, 0);
    }
}
