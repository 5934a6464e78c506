package bpnn.io.image;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Strokes of a round pen on a square sheet, light on dark.
 *
 * @param strokes the points of each, x and y in turn, at least one pair; 0 is left or top, 1 right or bottom
 */
public record Drawing(List<float[]> strokes) {
    /**
     * Width of the pen as a share of the sheet: a digit that fills two thirds of it gets lines of 2.4 pixels in its box of
     * 20, about as thick as MNIST's.
     */
    public static final float PEN = 0.08f;

    private static final int SIDE = 280;

    /** A margin, so that a pen at the edge leaves its whole mark and the border stays dark. */
    private static final int MARGIN = Math.round(SIDE * PEN);

    /** The sheet with its margin. */
    BufferedImage onPaper() {
        int side = SIDE + 2 * MARGIN;
        BufferedImage sheet = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = sheet.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        pen.setColor(Color.WHITE);
        pen.setStroke(new BasicStroke(SIDE * PEN, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (float[] points : strokes) {
            pen.draw(path(points));
        }
        pen.dispose();
        return sheet;
    }

    /** The sheet alone. */
    BufferedImage onSheet() {
        return onPaper().getSubimage(MARGIN, MARGIN, SIDE, SIDE);
    }

    private static Path2D path(float[] points) {
        Path2D path = new Path2D.Float();
        path.moveTo(place(points[0]), place(points[1]));
        for (int i = 0; i + 1 < points.length; i += 2) {
            path.lineTo(place(points[i]), place(points[i + 1]));
        }
        return path;
    }

    private static float place(float coordinate) {
        return MARGIN + coordinate * SIDE;
    }
}
