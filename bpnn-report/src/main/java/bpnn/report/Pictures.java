package bpnn.report;

import bpnn.chart.ChartPicture;
import bpnn.chart.CorrelationMaps;
import bpnn.chart.Figure;
import bpnn.chart.ImageStrip;
import bpnn.chart.Ridges;
import bpnn.data.Dataset;
import bpnn.io.file.AtomicFile;
import bpnn.io.image.ImagePicture;
import bpnn.lab.statistics.ConfusionMatrix;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/** A chapter's pictures as PNG files: its charts, its confusion matrices, its galleries. */
final class Pictures {
    /** Letters of a name that fits above a column of a table. */
    private static final int SHORT = 4;

    /** Letters of a name that are drawn. */
    private static final int LONGEST = 12;

    private final Path folder;

    Pictures(Path folder) {
        this.folder = folder;
    }

    void write(Chapter chapter, Dataset test) {
        ClassWords words = new ClassWords(test);
        for (Figure figure : chapter.figures()) {
            write(figure.id(), picture(figure));
        }
        for (int i = 0; i < chapter.arms().size(); i++) {
            ArmSummary arm = chapter.arms().get(i);
            String id = chapter.experiment().id() + "-"
                    + chapter.experiment().contenders().get(i).arm().id();
            write(id + "-confusion", confusion(arm, ChartPicture.TONES.get(i), words));
            write(id + "-misread", gallery(arm, test, words));
        }
    }

    private static BufferedImage picture(Figure figure) {
        if (figure instanceof CorrelationMaps maps) {
            return correlations(maps);
        }
        if (figure instanceof ImageStrip strip) {
            return gallery(strip.items());
        }
        return ChartPicture.of(figure.asChart(), figure instanceof Ridges);
    }

    /** All experiments at a glance. */
    void writeOverview(Report report) {
        write("overview", OverviewPicture.of(report));
    }

    private void write(String name, BufferedImage picture) {
        AtomicFile.write(folder.resolve(name + ".png"), out -> ImageIO.write(picture, "png", out));
    }

    private static Graphics2D canvas(BufferedImage picture) {
        Graphics2D canvas = picture.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        canvas.setColor(ChartPicture.INK);
        canvas.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        return canvas;
    }

    private static BufferedImage confusion(ArmSummary arm, Color tone, ClassWords words) {
        int cell = 52;
        ConfusionMatrix confusion = arm.confusion();
        List<Integer> shown = confusion.mostConfused(ClassWords.MOST_SHOWN);
        boolean brief = shown.stream().allMatch(of -> words.name(of).length() <= SHORT);
        int margin = brief ? 64 : 112;
        int side = margin + shown.size() * cell + 16;
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = canvas(picture);
        canvas.drawString(arm.label() + ": rows true, columns read", margin, 22);
        long most = Arrays.stream(confusion.counts())
                .flatMapToLong(Arrays::stream)
                .max()
                .orElse(1);
        for (int truth = 0; truth < shown.size(); truth++) {
            canvas.setColor(ChartPicture.INK);
            String name = brief(words.name(shown.get(truth)));
            int wide = canvas.getFontMetrics().stringWidth(name);
            canvas.drawString(name, Math.min(margin - 24, margin - 10 - wide), margin + truth * cell + 31);
            column(canvas, name, brief, margin + truth * cell + 22, margin - 12);
            for (int read = 0; read < shown.size(); read++) {
                long count = confusion.counts()[shown.get(truth)][shown.get(read)];
                double shade = Math.log1p((double) count) / Math.log1p((double) Math.max(1, most));
                canvas.setColor(mixed(tone, shade));
                canvas.fillRect(margin + read * cell, margin + truth * cell, cell - 2, cell - 2);
                canvas.setColor(shade > 0.6 ? Color.WHITE : ChartPicture.INK);
                String text = count == 0 ? "" : String.valueOf(count);
                int width = canvas.getFontMetrics().stringWidth(text);
                canvas.drawString(text, margin + read * cell + (cell - 2 - width) / 2, margin + truth * cell + 31);
            }
        }
        canvas.dispose();
        return picture;
    }

    private static String brief(String name) {
        return name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "…";
    }

    /** The name above a column: upright if all are as narrow as the columns, else on its side. */
    private static void column(Graphics2D canvas, String name, boolean upright, int x, int y) {
        if (upright) {
            canvas.drawString(name, x, y);
            return;
        }
        AffineTransform before = canvas.getTransform();
        canvas.rotate(-Math.PI / 2, x + 8, y);
        canvas.drawString(name, x + 8, y);
        canvas.setTransform(before);
    }

    private static BufferedImage correlations(CorrelationMaps maps) {
        int side = 384;
        int gap = 32;
        int columns = maps.panels().size();
        BufferedImage picture = new BufferedImage(gap + columns * (side + gap), side + 110, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = canvas(picture);
        canvas.drawString(maps.title(), gap, 28);
        for (int i = 0; i < columns; i++) {
            CorrelationMaps.Panel panel = maps.panels().get(i);
            int x = gap + i * (side + gap);
            canvas.drawImage(panel.image(), x, 48, side, side, null);
            canvas.drawString(panel.label() + ": mean |r| " + Words.number(panel.magnitude()), x, side + 76);
        }
        canvas.dispose();
        return picture;
    }

    private static Color mixed(Color tone, double share) {
        return new Color(
                (int) Math.round(255 + share * (tone.getRed() - 255)),
                (int) Math.round(255 + share * (tone.getGreen() - 255)),
                (int) Math.round(255 + share * (tone.getBlue() - 255)));
    }

    private static BufferedImage gallery(ArmSummary arm, Dataset test, ClassWords words) {
        return gallery(arm.gallery().stream()
                .map(image -> new ImageStrip.Item(
                        ImagePicture.of(test, image.image()),
                        brief(words.name(image.truth())) + " read as " + brief(words.name(image.read())),
                        image.confidence()))
                .toList());
    }

    private static BufferedImage gallery(List<ImageStrip.Item> items) {
        int columns = 6;
        int side = 112;
        int gap = 12;
        int rows = Math.max(1, (items.size() + columns - 1) / columns);
        BufferedImage picture =
                new BufferedImage(columns * (side + gap) + gap, rows * (side + 40) + gap, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = canvas(picture);
        for (int i = 0; i < items.size(); i++) {
            int x = gap + i % columns * (side + gap);
            int y = gap + i / columns * (side + 40);
            canvas.drawImage(items.get(i).image(), x, y, side, side, null);
            canvas.drawString(items.get(i).caption(), x, y + side + 18);
        }
        canvas.dispose();
        return picture;
    }
}
