/**
 * Charts, as pictures and on pages that need nothing else. For programs that show curves and distributions; it knows their
 * numbers, and neither networks nor where the numbers come from. No other module knows the library that draws.
 */
module bpnn.chart {
    requires static org.jspecify;
    requires bpnn.io;
    requires transitive com.fasterxml.jackson.databind;
    requires transitive java.desktop;
    requires xchart;

    exports bpnn.chart;
}
