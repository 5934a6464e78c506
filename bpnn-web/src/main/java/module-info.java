/**
 * A page to draw digits on, and the small server behind it. For programs that show trained networks in a browser; it knows
 * models and pictures, and neither runs nor the command line.
 */
module bpnn.web {
    requires static org.jspecify;
    requires transitive bpnn.io;
    requires com.fasterxml.jackson.databind;
    requires jdk.httpserver;

    exports bpnn.web;
}
