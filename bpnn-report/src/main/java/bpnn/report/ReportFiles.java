package bpnn.report;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.lab.experiment.ExperimentFolder;
import java.io.IOException;
import java.nio.file.Files;

/** Writes a report's files. */
public final class ReportFiles {
    private ReportFiles() {}

    /** Writes {@code report.html}, {@code results.json}, {@code results.csv}, and a PNG of every chart. */
    public static void write(Report report, ExperimentFolder folder) {
        try {
            Files.createDirectories(folder.charts());
        } catch (IOException e) {
            throw new DataException(
                    "The folder " + folder.charts() + " could not be created: " + AtomicFile.reason(e) + ".", e);
        }
        AtomicFile.write(folder.csv(), ResultsCsv.of(report));
        AtomicFile.write(folder.json(), ResultsJson.of(report).toPrettyString() + "\n");
        AtomicFile.write(folder.report(), HtmlReport.of(report));
        Pictures pictures = new Pictures(folder.charts());
        pictures.writeOverview(report);
        for (Chapter chapter : report.chapters()) {
            pictures.write(chapter, report.plan().images().test());
        }
    }
}
