package bpnn.lab.comparison;

import bpnn.chart.Chart;
import bpnn.chart.ChartPicture;
import bpnn.chart.StackedBars;
import bpnn.io.file.Word;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All charts of a comparison run by run in one picture. */
final class ComparisonPicture {
    private static final int COLUMNS = 2;

    /** Of the parts of a step: other colours than those of the trainings. */
    private static final Map<StepPhase, Color> PHASES = Map.of(
            StepPhase.DATA, new Color(0xB9C2CC),
            StepPhase.FORWARD, new Color(0x7C93A8),
            StepPhase.BACKWARD, new Color(0x3C566E),
            StepPhase.UPDATE, new Color(0xD9A441));

    private ComparisonPicture() {}

    /**
     * Draws.
     *
     * @param charts the curves
     * @param runs the trainings, of which some may have times to show
     */
    static BufferedImage of(List<Chart> charts, List<ComparedRun> runs) {
        List<BufferedImage> panels = new ArrayList<>();
        charts.forEach(chart -> panels.add(ChartPicture.of(chart, false)));
        if (runs.stream().anyMatch(run -> run.times() != null)) {
            panels.add(times(runs));
        }
        int columns = Math.min(COLUMNS, Math.max(1, panels.size()));
        int rows = Math.max(1, (panels.size() + columns - 1) / columns);
        BufferedImage picture =
                new BufferedImage(columns * ChartPicture.WIDTH, rows * ChartPicture.HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = picture.createGraphics();
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        for (int i = 0; i < panels.size(); i++) {
            canvas.drawImage(panels.get(i), i % columns * ChartPicture.WIDTH, i / columns * ChartPicture.HEIGHT, null);
        }
        canvas.dispose();
        return picture;
    }

    private static BufferedImage times(List<ComparedRun> runs) {
        List<StackedBars.Part> parts = new ArrayList<>();
        for (StepPhase phase : StepPhase.values()) {
            List<Double> values = new ArrayList<>();
            for (ComparedRun run : runs) {
                StepTimes times = run.times();
                values.add(times == null ? 0 : 1000 * times.of(phase));
            }
            parts.add(new StackedBars.Part(Word.of(phase), Objects.requireNonNull(PHASES.get(phase)), values));
        }
        List<String> names = runs.stream().map(ComparedRun::name).toList();
        return StackedBars.of("Time of a step, kernel by kernel", "milliseconds", names, parts);
    }
}
