package bpnn.lab.comparison;

import bpnn.chart.Chart;
import bpnn.io.file.AtomicFile;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Writes a comparison's files. */
public final class ComparisonFiles {
    private ComparisonFiles() {}

    /** Writes {@code comparison.txt}, {@code comparison.json}, {@code comparison.png} and {@code comparison.html}. */
    public static void write(Path folder, ComparedRun reference, List<Comparison> comparisons) {
        String words = new ComparisonText(reference, comparisons).text();
        List<Chart> charts = new ComparisonCharts(reference, comparisons).all();
        List<ComparedRun> runs = new ArrayList<>(List.of(reference));
        comparisons.forEach(comparison -> runs.add(comparison.other()));
        BufferedImage picture = ComparisonPicture.of(charts, runs);
        AtomicFile.write(folder.resolve("comparison.txt"), words + "\n");
        AtomicFile.write(
                folder.resolve("comparison.json"),
                ComparisonJson.of(reference, comparisons, true).toPrettyString() + "\n");
        AtomicFile.write(folder.resolve("comparison.png"), out -> ImageIO.write(picture, "png", out));
        AtomicFile.write(folder.resolve("comparison.html"), ComparisonPage.of(reference, comparisons, charts, words));
    }
}
