package bpnn.mnist;

/** Receives the progress of a download. */
@FunctionalInterface
public interface DownloadProgress {
    /** Ignores the progress. */
    DownloadProgress SILENT = (file, received, total) -> {};

    /**
     * Called after each received chunk, on the downloading thread.
     *
     * @param file name of the file
     * @param received bytes received so far, including those of an earlier attempt
     * @param total size of the file, or -1 if the server does not report it
     */
    void report(String file, long received, long total);
}
