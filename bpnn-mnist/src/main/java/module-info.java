/** MNIST, data sets in its file format, and synthetic digits. */
module bpnn.mnist {
    requires static org.jspecify;
    requires transitive bpnn.api;
    requires java.net.http;

    exports bpnn.mnist;
}
