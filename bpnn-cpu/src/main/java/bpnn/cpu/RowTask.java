package bpnn.cpu;

/** Work on a range of columns of one row. */
@FunctionalInterface
interface RowTask {
    /** Does nothing. */
    RowTask NONE = (i, from, to) -> {};

    /** Works on columns {@code from .. to - 1} of row {@code i}. */
    void run(int i, int from, int to);
}
