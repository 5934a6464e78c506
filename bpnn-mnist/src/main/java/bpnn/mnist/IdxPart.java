package bpnn.mnist;

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

    /** The usual number of dimensions: 3 for images (count, rows, columns), 1 for labels (count). */
    int rank() {
        return rank;
    }

    boolean isImages() {
        return rank > 1;
    }

    /** The part by the words in a file's name. */
    static IdxPart of(boolean training, boolean images) {
        if (training) {
            return images ? TRAIN_IMAGES : TRAIN_LABELS;
        }
        return images ? TEST_IMAGES : TEST_LABELS;
    }

    /** The usual name, uncompressed. */
    String fileName() {
        return stem + "-idx" + rank + "-ubyte";
    }

    /** The usual name, compressed. */
    String packedName() {
        return fileName() + ".gz";
    }
}
