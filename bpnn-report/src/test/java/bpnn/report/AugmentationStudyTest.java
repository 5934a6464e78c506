package bpnn.report;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.chart.ImageStrip;
import bpnn.data.Dataset;
import bpnn.lab.experiment.ExperimentFolder;
import bpnn.lab.experiment.ExperimentPlan;
import bpnn.lab.experiment.ExperimentRunner;
import bpnn.lab.experiment.Preset;
import bpnn.lab.experiment.Results;
import bpnn.lab.experiment.RunArchive;
import bpnn.lab.experiment.Settings;
import bpnn.lab.experiment.TaskHandler;
import bpnn.lab.experiment.TrainedRun;
import bpnn.lab.run.RunPlan;
import bpnn.lab.work.Computer;
import bpnn.lab.work.LocalEngine;
import bpnn.mnist.DataSplit;
import bpnn.mnist.SyntheticDigits;
import bpnn.report.study.Augmentation;
import bpnn.spi.Backend;
import bpnn.spi.ReferenceBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the study of distorted images says is what its runs and images show. */
class AugmentationStudyTest {
    private static final int SEEDS = 3;

    @TempDir
    static Path out;

    private static Dataset test;
    private static Results results;
    private static Chapter chapter;
    private static ExperimentFolder folder;

    @BeforeAll
    static void run() {
        DataSplit digits = SyntheticDigits.generate(3, 300, 80);
        test = digits.test();
        ExperimentPlan plan = new ExperimentPlan(
                List.of(Augmentation.STUDY.experiment()),
                new Settings(Preset.DEFAULT, SEEDS, 1, 2, 20, List.of(8)),
                new RunPlan.Images(digits.train().slice(0, 250), digits.train().slice(250, 300), test, "", ""));
        try (Backend backend = new ReferenceBackend()) {
            folder = ExperimentFolder.open(out, plan.configuration(Computer.of(backend)));
            RunArchive archive = new RunArchive(folder.runs(), warning -> {
                throw new AssertionError(warning);
            });
            ExperimentRunner.ProgressListener silent = ExperimentRunner.ProgressListener.SILENT;
            try (LocalEngine engine = new LocalEngine(1, () -> new TaskHandler(backend, plan, silent))) {
                ExperimentRunner runner = new ExperimentRunner(plan, folder, archive);
                results = runner.run(engine, silent).orElseThrow();
                Report report = Report.of(List.of(Augmentation.STUDY), plan, results, Computer.of(backend));
                chapter = report.chapters().get(0);
                ReportFiles.write(report, folder);
            }
        }
    }

    private static List<TrainedRun> runs(int contender) {
        return results.runs(
                Augmentation.STUDY.experiment().contenders().get(contender).arm());
    }

    private static long misreading(int contender, int image) {
        return runs(contender).stream()
                .filter(run -> run.misread().stream().anyMatch(mistake -> mistake.image() == image))
                .count();
    }

    @Test
    void errorsThatVanishAndAppearAreCounted() {
        int gone = 0;
        int come = 0;
        for (int image = 0; image < test.size(); image++) {
            boolean before = 2 * misreading(0, image) > SEEDS;
            boolean after = 2 * misreading(1, image) > SEEDS;
            gone += before && !after ? 1 : 0;
            come += !before && after ? 1 : 0;
        }
        Finding finding = chapter.findings().get(2);
        assertThat(finding.seen())
                .startsWith(gone + " of the test images are misread by more than half")
                .contains("of " + come + " it is the other way round");
        ImageStrip vanished = (ImageStrip) finding.figures().get(0);
        assertThat(vanished.items())
                .hasSize(Math.min(12, gone))
                .allSatisfy(item -> assertThat(item.value()).isNegative());
    }

    @Test
    void distancesAreThoseOfThePixels() {
        double same = 0;
        double other = 0;
        for (int i = 0; i < test.size(); i++) {
            same += nearest(i, true) / test.size();
            other += nearest(i, false) / test.size();
        }
        assertThat(chapter.findings().get(1).seen())
                .startsWith("Of 80 test images, ")
                .endsWith(" against " + Words.number(same) + " to the nearest of the class and " + Words.number(other)
                        + " to the nearest of another.");
    }

    private static double nearest(int image, boolean ofItsClass) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int other = 0; other < test.size(); other++) {
            if (other != image && (test.label(image) == test.label(other)) == ofItsClass) {
                double squares = 0;
                for (int j = 0; j < test.features(); j++) {
                    double a = (test.pixels()[image * test.features() + j] & 0xFF) / 255.0;
                    double b = (test.pixels()[other * test.features() + j] & 0xFF) / 255.0;
                    squares += (a - b) * (a - b);
                }
                nearest = Math.min(nearest, Math.sqrt(squares));
            }
        }
        return nearest;
    }

    @Test
    void pageAndPicturesShowTheImages() throws Exception {
        assertThat(Files.readString(folder.report()))
                .contains("Errors that vanish", "Distance from an image", "data:image/png")
                .doesNotContain("id=\"article\"");
        for (String chart : List.of("augmentation-vanished", "augmentation-examples", "augmentation-distance")) {
            assertThat(folder.charts().resolve(chart + ".png")).isNotEmptyFile();
        }
        assertThat(Files.readString(out.resolve("experiment.json"))).contains("\"augmentation\" : \"Distortion[");
        assertThat(Files.readString(out.resolve("results.json"))).contains("\"kind\" : \"images\"");
    }
}
