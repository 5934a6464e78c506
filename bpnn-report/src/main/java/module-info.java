/**
 * What experiments show: claims judged by their runs, charts, and one page that holds them; and the program's own studies.
 * For programs that run experiments of their own and write about them; it knows the laboratory and charts, and neither a
 * backend nor a data set by name, nor the terminal.
 */
module bpnn.report {
    requires static org.jspecify;
    requires transitive bpnn.lab;

    exports bpnn.report;
    exports bpnn.report.study;
}
