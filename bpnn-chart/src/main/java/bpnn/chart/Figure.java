package bpnn.chart;

/** A picture of numbers. */
public sealed interface Figure permits Chart, CorrelationMaps, ImageStrip, Ridges, TanhPanels {
    /** Its name in files; letters, digits and hyphens. */
    String id();

    /** What it shows. */
    String title();

    /** The same for those who cannot see it, with the main figures. */
    String alternative();

    /** The same numbers as plain curves. */
    Chart asChart();
}
