package bpnn.mnist;

import bpnn.data.DataException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Downloads files into a cache folder, each from the first mirror with an intact copy.
 *
 * <p>After a failure only a partial file, {@code NAME.part}, may remain, which the next attempt completes; content with
 * a wrong checksum is deleted.
 */
public final class MirroredDownload {
    /** Short, so that a machine without a network fails fast. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

    private final String title;
    private final Path cache;
    private final List<URI> folders;
    private final Duration patience;

    /**
     * @param title what is downloaded, for messages
     * @param cache where it goes
     * @param folders mirrors: web folders, tried in this order; each address ends with a slash
     * @param patience time limit for a server without data
     */
    public MirroredDownload(String title, Path cache, List<URI> folders, Duration patience) {
        this.title = title;
        this.cache = cache;
        this.folders = List.copyOf(folders);
        this.patience = patience;
    }

    /**
     * Downloads what is not there yet. Concurrent processes wait for each other.
     *
     * @param present where an intact copy of a file lies, if one does
     * @param finish what is to be done with the files while no other process is at them
     * @throws DataException if no mirror has an intact file, or the cache cannot be written
     */
    public void fetchAll(
            List<RemoteFile> files,
            Function<RemoteFile, Optional<Path>> present,
            Runnable finish,
            DownloadProgress progress) {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        List<Mirror> mirrors = new ArrayList<>();
        folders.forEach(folder -> mirrors.add(new Mirror(client, folder, patience)));
        CacheLock lock = CacheLock.acquire(cache);
        try {
            for (RemoteFile file : files) {
                // Another process may have finished while this one waited for the lock.
                if (present.apply(file).isEmpty()) {
                    fetch(file, mirrors, progress);
                }
            }
            finish.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("The download of " + title + " was interrupted.", e);
        } finally {
            lock.release();
        }
    }

    private void fetch(RemoteFile file, List<Mirror> mirrors, DownloadProgress progress) throws InterruptedException {
        PartFile part = new PartFile(cache.resolve(file.name()));
        List<String> faults = new ArrayList<>();
        for (Mirror mirror : List.copyOf(mirrors)) {
            try {
                fetchIntact(file, mirror, part, progress);
                // Try the same mirror first for the next file.
                mirrors.remove(mirror);
                mirrors.add(0, mirror);
                return;
            } catch (IOException e) {
                faults.add(mirror.folder() + " (" + e.getMessage() + ")");
            }
        }
        throw new DataException(title + "'s " + file.name() + " could not be downloaded from "
                + String.join(" or ", faults) + "; put the files into " + cache
                + ", or name the folder that holds them.");
    }

    /** Downloads and verifies; if a resumed download has a wrong checksum, the whole file is downloaded again. */
    private static void fetchIntact(RemoteFile file, Mirror mirror, PartFile part, DownloadProgress progress)
            throws IOException, InterruptedException {
        boolean resumed = part.size() > 0;
        mirror.fetch(file, part, progress);
        if (resumed && !part.matches(file)) {
            part.delete();
            mirror.fetch(file, part, progress);
        }
        if (!part.matches(file)) {
            part.delete();
            throw new IOException("its file has a checksum that does not match");
        }
        part.finish();
    }
}
