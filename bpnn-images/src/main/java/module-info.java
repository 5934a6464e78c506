/**
 * Data sets of images as people have them: folders of pictures, CSV, npz, CIFAR, IDX, and those that are known by name. For
 * programs that read, inspect or convert them; it knows formats and data, and neither networks nor the command line.
 */
module bpnn.images {
    requires static org.jspecify;
    requires transitive bpnn.io;
    requires transitive bpnn.mnist;
    requires de.siegmar.fastcsv;
    requires java.desktop;
    requires org.apache.commons.compress;

    exports bpnn.images;
}
