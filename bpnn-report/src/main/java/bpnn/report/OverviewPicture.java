package bpnn.report;

import bpnn.chart.Chart;
import bpnn.chart.ChartPicture;
import bpnn.chart.Series;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/** All experiments at a glance, as a picture for a page that shows one. */
final class OverviewPicture {
    private static final int MARGIN = 48;
    private static final int COLUMN = 440;
    private static final int GAP = 44;
    private static final int HEIGHT = 710;
    private static final int PLOT_TOP = 290;
    private static final int PLOT_HEIGHT = 200;

    private final Graphics2D canvas;

    private OverviewPicture(Graphics2D canvas) {
        this.canvas = canvas;
    }

    static BufferedImage of(Report report) {
        int columns = report.chapters().size();
        int width = 2 * MARGIN + columns * COLUMN + (columns - 1) * GAP;
        BufferedImage picture = new BufferedImage(width, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = picture.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, width, HEIGHT);
        OverviewPicture overview = new OverviewPicture(canvas);
        overview.font(Font.BOLD, 30, ChartPicture.INK);
        int y = overview.paragraph(report.headline(), MARGIN, 62, width - 2 * MARGIN, 36);
        overview.font(Font.PLAIN, 15, ChartPicture.SOFT);
        overview.paragraph(report.setting(), MARGIN, y - 4, width - 2 * MARGIN, 21);
        for (int i = 0; i < columns; i++) {
            overview.column(report.chapters().get(i), MARGIN + i * (COLUMN + GAP));
        }
        canvas.dispose();
        return picture;
    }

    private void font(int style, int size, Color ink) {
        canvas.setFont(new Font(Font.SANS_SERIF, style, size));
        canvas.setColor(ink);
    }

    /** Writes lines that fit the width, and returns where the next one would stand. */
    private int paragraph(String text, int x, int y, int width, int leading) {
        FontMetrics metrics = canvas.getFontMetrics();
        StringBuilder line = new StringBuilder();
        int base = y;
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && metrics.stringWidth(line + " " + word) > width) {
                canvas.drawString(line.toString(), x, base);
                line.setLength(0);
                base += leading;
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        canvas.drawString(line.toString(), x, base);
        return base + leading;
    }

    private void column(Chapter chapter, int x) {
        Headline headline = chapter.headline();
        font(Font.BOLD, 20, ChartPicture.INK);
        canvas.drawString(chapter.experiment().title(), x, 156);
        int next = number(chapter, Evidence.WITHOUT, headline.without(), x);
        font(Font.PLAIN, 30, ChartPicture.SOFT);
        canvas.drawString("→", next, 206);
        number(chapter, Evidence.WITH, headline.with(), next + 48);
        font(Font.PLAIN, 14, ChartPicture.SOFT);
        canvas.drawString(headline.quantity(), x, 252);
        Chart chart = chapter.lead().asChart();
        Sketch sketch = Sketch.of(chart);
        plot(sketch, x);
        abscissa(sketch.x(), chart.x().label(), x);
        font(Font.PLAIN, 14, ChartPicture.SOFT);
        int y = paragraph(chapter.lead().title(), x, PLOT_TOP + PLOT_HEIGHT + 48, COLUMN, 19);
        font(Font.PLAIN, 17, ChartPicture.INK);
        paragraph(chapter.verdict(), x, Math.max(y, PLOT_TOP + PLOT_HEIGHT + 86) + 10, COLUMN, 24);
    }

    private int number(Chapter chapter, int contender, String value, int x) {
        font(Font.BOLD, 38, ChartPicture.TONES.get(contender));
        canvas.drawString(value, x, 206);
        int wide = canvas.getFontMetrics().stringWidth(value);
        font(Font.PLAIN, 14, ChartPicture.TONES.get(contender));
        String label = chapter.arms().get(contender).label();
        canvas.drawString(label, x, 230);
        return x + Math.max(wide, canvas.getFontMetrics().stringWidth(label)) + 24;
    }

    private void plot(Sketch sketch, int left) {
        for (Sketch.Mark mark : sketch.marks()) {
            Path2D path = new Path2D.Double();
            for (int i = 0; i < mark.x().length; i++) {
                double px = left + mark.x()[i] * COLUMN;
                double py = height(mark.y()[i]);
                if (i == 0) {
                    path.moveTo(px, py);
                } else {
                    path.lineTo(px, py);
                }
            }
            canvas.setColor(ChartPicture.TONES.get(mark.contender()));
            if (mark.filled()) {
                canvas.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.22f));
                canvas.fill(path);
                canvas.setComposite(AlphaComposite.SrcOver);
            } else {
                canvas.setStroke(ChartPicture.stroke(mark.stroke(), 2.6f));
                canvas.draw(path);
            }
        }
        if (Double.isFinite(sketch.target())) {
            int y = (int) Math.round(height(sketch.target()));
            canvas.setColor(ChartPicture.INK);
            canvas.setStroke(ChartPicture.stroke(Series.Stroke.DASHED, 1.2f));
            canvas.drawLine(left, y, left + COLUMN, y);
        }
        canvas.setStroke(new BasicStroke(1));
        canvas.setColor(ChartPicture.SOFT);
        canvas.drawLine(left, PLOT_TOP + PLOT_HEIGHT + 4, left + COLUMN, PLOT_TOP + PLOT_HEIGHT + 4);
    }

    /** Where the axis begins, what it is, and where it ends. */
    private void abscissa(Sketch.Range range, String label, int x) {
        font(Font.PLAIN, 12, ChartPicture.SOFT);
        int y = PLOT_TOP + PLOT_HEIGHT + 21;
        FontMetrics metrics = canvas.getFontMetrics();
        String end = Words.number(range.high());
        canvas.drawString(Words.number(range.low()), x, y);
        canvas.drawString(label, x + (COLUMN - metrics.stringWidth(label)) / 2, y);
        canvas.drawString(end, x + COLUMN - metrics.stringWidth(end), y);
    }

    private static double height(double share) {
        return PLOT_TOP + (1 - share) * PLOT_HEIGHT;
    }
}
