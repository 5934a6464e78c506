/**
 * Models, pictures and training curves in files: formats and nothing else. For programs that read, write or convert what
 * bpnn trains; it knows the api, and neither runs nor the command line.
 */
module bpnn.io {
    requires static org.jspecify;
    requires transitive bpnn.api;
    requires com.drew.metadata;
    requires com.fasterxml.jackson.databind;
    requires java.desktop;

    exports bpnn.io.file;
    exports bpnn.io.image;
    exports bpnn.io.model;
    exports bpnn.io.npz;
    exports bpnn.io.onnx;
    exports bpnn.io.safetensors;
    exports bpnn.io.tensor;
    exports bpnn.io.tensorboard;
}
