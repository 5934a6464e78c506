package bpnn.chart;

import bpnn.io.file.AtomicFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.nio.file.Path;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Losses over learning rates, as a PNG. */
public final class LearningRateChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    private static final Color LINE = new Color(0x1F5FA8);

    private static final Color MARK = new Color(0xC8501E);

    private LearningRateChart() {}

    /**
     * Draws.
     *
     * @param rates learning rates, ascending
     * @param losses smoothed, one for each rate
     * @param suggestion the rate that is to be marked, if any
     */
    public static void write(Path file, double[] rates, double[] losses, OptionalDouble suggestion) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Loss over the learning rate")
                .xAxisTitle("learning rate")
                .yAxisTitle("training loss, smoothed")
                .build();
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        XYSeries line = chart.addSeries("loss", rates, losses);
        line.setMarker(SeriesMarkers.NONE).setLineColor(LINE);
        suggestion.ifPresent(rate -> {
            XYSeries mark =
                    chart.addSeries("suggestion", new double[] {rate, rate}, new double[] {least(losses), losses[0]});
            mark.setMarker(SeriesMarkers.NONE).setLineColor(MARK).setLineStyle(new BasicStroke(2));
        });
        AtomicFile.write(file, out -> ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", out));
    }

    private static double least(double[] losses) {
        double least = losses[0];
        for (double loss : losses) {
            least = Math.min(least, loss);
        }
        return least;
    }
}
