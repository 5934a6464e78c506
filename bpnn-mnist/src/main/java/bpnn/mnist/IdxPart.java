package bpnn.mnist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The four IDX files of a data set, with the names of MNIST. */
enum IdxPart {
    TRAIN_IMAGES("train-images", 3),
    TRAIN_LABELS("train-labels", 1),
    TEST_IMAGES("t10k-images", 3),
    TEST_LABELS("t10k-labels", 1);

    private final String stem;
    private final int rank;

    IdxPart(String stem, int rank) {
        this.stem = stem;
        this.rank = rank;
    }

    /** Number of dimensions: 3 for images (count, rows, columns), 1 for labels (count). */
    int rank() {
        return rank;
    }

    /** The usual name, uncompressed. */
    String fileName() {
        return stem + "-idx" + rank + "-ubyte";
    }

    /** The usual name, compressed. */
    String packedName() {
        return fileName() + ".gz";
    }

    /**
     * The file in a folder, compressed or not, also with the dot that some archives use in the name, and also inside a folder
     * that bears the file's own name, as some tools unpack it.
     */
    Optional<Path> find(Path folder) {
        String dotted = stem + ".idx" + rank + "-ubyte";
        List<String> names = List.of(fileName(), packedName(), dotted, dotted + ".gz");
        Stream<Path> files = names.stream().map(folder::resolve);
        Stream<Path> inFolders = names.stream()
                .map(folder::resolve)
                .flatMap(inside -> names.stream().map(inside::resolve));
        return Stream.concat(files, inFolders).filter(Files::isRegularFile).findFirst();
    }
}
