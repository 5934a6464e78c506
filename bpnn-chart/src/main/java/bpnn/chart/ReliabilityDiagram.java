package bpnn.chart;

import bpnn.io.file.AtomicFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How often a classifier is right over how certain it is, as a PNG. */
public final class ReliabilityDiagram {
    private static final int SIDE = 640;
    private static final Color LINE = new Color(0x1F5FA8);
    private static final Color DIAGONAL = new Color(0x8A8A8A);

    private ReliabilityDiagram() {}

    /**
     * Draws.
     *
     * @param confidences mean certainty of the images of each bin, ascending
     * @param accuracies share of them that are taken for the right class
     * @param error expected calibration error
     */
    public static void write(Path file, double[] confidences, double[] accuracies, double error) {
        XYChart chart = new XYChartBuilder()
                .width(SIDE)
                .height(SIDE)
                .title(String.format(Locale.ROOT, "Reliability, calibration error %.4f", error))
                .xAxisTitle("certainty")
                .yAxisTitle("share that is right")
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
        XYSeries diagonal = chart.addSeries("as certain as right", new double[] {0, 1}, new double[] {0, 1});
        diagonal.setMarker(SeriesMarkers.NONE).setLineColor(DIAGONAL).setLineStyle(new BasicStroke(1));
        XYSeries line = chart.addSeries("the network", confidences, accuracies);
        line.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(LINE).setLineColor(LINE);
        AtomicFile.write(file, out -> ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", out));
    }
}
