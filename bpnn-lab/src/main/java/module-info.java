/**
 * Training runs with their folders, experiments of several arms, statistics, comparisons. For programs that train and
 * compare; it knows the api and the formats of files, and neither a backend nor a data set by name, nor the terminal.
 */
module bpnn.lab {
    requires static org.jspecify;
    requires transitive bpnn.chart;
    requires transitive bpnn.io;
    requires transitive com.fasterxml.jackson.databind;

    exports bpnn.lab.audit;
    exports bpnn.lab.comparison;
    exports bpnn.lab.experiment;
    exports bpnn.lab.probe;
    exports bpnn.lab.run;
    exports bpnn.lab.statistics;
    exports bpnn.lab.sweep;
    exports bpnn.lab.trace;
    exports bpnn.lab.work;

    // Finished runs are records that are kept as JSON.
    opens bpnn.lab.experiment to
            com.fasterxml.jackson.databind;
    opens bpnn.lab.probe to
            com.fasterxml.jackson.databind;
    opens bpnn.lab.statistics to
            com.fasterxml.jackson.databind;
}
