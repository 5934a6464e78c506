package bpnn.mnist;

/** Hears how far a download has come. */
@FunctionalInterface
public interface DownloadProgress {
    /** Hears nothing. */
    DownloadProgress SILENT = (file, received, total) -> {};

    /**
     * Called after each piece that arrives, on the thread that downloads.
     *
     * @param file name of the file
     * @param received bytes of the file that are here, those of an earlier attempt included
     * @param total bytes of the whole file, or -1 if the server does not say
     */
    void report(String file, long received, long total);
}
