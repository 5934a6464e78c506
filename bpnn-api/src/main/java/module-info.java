/** Tensors, layers, training, and the SPI that backends implement. */
module bpnn.api {
    requires static org.jspecify;

    exports bpnn.backend;
    exports bpnn.data;
    exports bpnn.nn;
    exports bpnn.random;
    exports bpnn.spi;
    exports bpnn.tensor;

    uses bpnn.spi.BackendProvider;
}
