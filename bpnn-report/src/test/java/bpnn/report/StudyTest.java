package bpnn.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.lab.experiment.Arm;
import bpnn.lab.experiment.Contender;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.experiment.ExperimentFolder;
import bpnn.lab.experiment.ExperimentPlan;
import bpnn.lab.experiment.ExperimentRunner;
import bpnn.lab.experiment.Preset;
import bpnn.lab.experiment.Results;
import bpnn.lab.experiment.RunArchive;
import bpnn.lab.experiment.Settings;
import bpnn.lab.experiment.TaskHandler;
import bpnn.lab.run.OptimizerName;
import bpnn.lab.run.RunPlan;
import bpnn.lab.work.Computer;
import bpnn.lab.work.LocalEngine;
import bpnn.mnist.DataSplit;
import bpnn.mnist.SyntheticDigits;
import bpnn.spi.Backend;
import bpnn.spi.ReferenceBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study that nobody but this file knows, from its arms to its report. */
class StudyTest {
    private static final Experiment RATES = Experiment.of(
            "rates",
            "Learning rates",
            new Contender(
                    Arm.plain("slow").withOptimizer(OptimizerName.SGD).withLearningRate(1e-4f), "a rate of 0.0001"),
            new Contender(Arm.plain("fast").withOptimizer(OptimizerName.SGD).withLearningRate(0.1f), "a rate of 0.1"));

    @TempDir
    static Path out;

    private static Report report;
    private static ExperimentFolder folder;

    private static ExperimentPlan plan(Experiment... experiments) {
        DataSplit digits = SyntheticDigits.generate(3, 300, 50);
        return new ExperimentPlan(
                List.of(experiments),
                new Settings(Preset.DEFAULT, 2, 1, 2, 20, List.of(8)),
                new RunPlan.Images(
                        digits.train().slice(0, 250), digits.train().slice(250, 300), digits.test(), "", ""));
    }

    @BeforeAll
    static void run() {
        Study study = Study.of(RATES);
        ExperimentPlan plan = plan(RATES);
        try (Backend backend = new ReferenceBackend()) {
            folder = ExperimentFolder.open(out, plan.configuration(Computer.of(backend)));
            RunArchive archive = new RunArchive(folder.runs(), warning -> {
                throw new AssertionError(warning);
            });
            ExperimentRunner.ProgressListener silent = ExperimentRunner.ProgressListener.SILENT;
            try (LocalEngine engine = new LocalEngine(1, () -> new TaskHandler(backend, plan, silent))) {
                ExperimentRunner runner = new ExperimentRunner(plan, folder, archive);
                Results results = runner.run(engine, silent).orElseThrow();
                report = Report.of(List.of(study), plan, results, Computer.of(backend));
            }
        }
        ReportFiles.write(report, folder);
    }

    @Test
    void itsClaimsAreJudgedByItsRuns() {
        Chapter chapter = report.chapters().get(0);

        assertThat(chapter.verdict())
                .startsWith("A rate of 0.1 ends with a lower validation loss than a rate of 0.0001; ");
        assertThat(chapter.findings())
                .extracting(Finding::support)
                .containsExactly(Finding.Support.SUPPORTED, Finding.Support.SUPPORTED);
        assertThat(chapter.headline().quantity()).isEqualTo("validation loss after 2 epochs");
    }

    @Test
    void itsReportHasItsChartsAndNoneOfTheArticle() throws Exception {
        String page = Files.readString(folder.report());

        assertThat(page)
                .contains("Learning rates: what it does, and why", "a rate of 0.0001")
                .doesNotContain("id=\"article\"");
        assertThat(folder.charts().resolve("rates-end-of-validation.png")).isNotEmptyFile();
        assertThat(folder.runs().resolve("slow-seed-1/result.json")).content().contains("\"arm\":\"SLOW\"");
        assertThat(Files.readString(out.resolve("experiment.json"))).contains("\"learningRate\" : 0.1");
    }

    @Test
    void armsOfOneNameThatDifferAreRefused() {
        Experiment other = Experiment.of(
                "other",
                "Others",
                new Contender(Arm.plain("slow"), "slow"),
                new Contender(Arm.plain("slow").withBatchNorm(), "normalised"));

        assertThatThrownBy(() -> plan(other)).hasMessageContaining("Two arms are called \"slow\"");
        assertThatThrownBy(() -> Arm.plain("Not a folder")).hasMessageContaining("small letters");
    }
}
