package bpnn.app.experiment.report;

final class HtmlReport {
    private HtmlReport() {}

    static String of(Report report) {
        return report.device();
    }
}
