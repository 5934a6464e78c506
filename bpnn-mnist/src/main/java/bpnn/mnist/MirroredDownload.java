package bpnn.mnist;

import bpnn.data.DataException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Downloads the four files into the cache, each from the first mirror with an intact copy.
 *
 * <p>After a failure only a partial file, {@code NAME.part}, may remain, which the next attempt completes; content with
 * a wrong checksum is deleted.
 */
final class MirroredDownload {
    private final Path cache;
    private final List<URI> folders;
    private final Map<String, String> sums;
    private final Duration connectLimit;
    private final Duration patience;

    MirroredDownload(
            Path cache, List<URI> folders, Map<String, String> sums, Duration connectLimit, Duration patience) {
        this.cache = cache;
        this.folders = List.copyOf(folders);
        this.sums = sums;
        this.connectLimit = connectLimit;
        this.patience = patience;
    }

    /** @throws DataException if no mirror has an intact file, or the cache cannot be written */
    void fetchAll(DownloadProgress progress) {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(connectLimit)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        List<Mirror> mirrors = new ArrayList<>();
        folders.forEach(folder -> mirrors.add(new Mirror(client, folder, patience)));
        CacheLock lock = CacheLock.acquire(cache);
        try {
            for (IdxPart part : IdxPart.values()) {
                fetch(part, mirrors, progress);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("The download of MNIST was interrupted.", e);
        } finally {
            lock.release();
        }
    }

    private void fetch(IdxPart file, List<Mirror> mirrors, DownloadProgress progress) throws InterruptedException {
        String sha256 = sums.getOrDefault(file.fileName(), "");
        // Another process may have finished while this one waited for the lock.
        if (file.find(cache).filter(found -> PartFile.matches(found, sha256)).isPresent()) {
            return;
        }
        PartFile part = new PartFile(cache.resolve(file.packedName()));
        List<String> faults = new ArrayList<>();
        for (Mirror mirror : List.copyOf(mirrors)) {
            try {
                fetchIntact(file.packedName(), sha256, mirror, part, progress);
                // Try the same mirror first for the next file.
                mirrors.remove(mirror);
                mirrors.add(0, mirror);
                return;
            } catch (IOException e) {
                faults.add(mirror.folder() + " (" + e.getMessage() + ")");
            }
        }
        throw new DataException("MNIST's " + file.packedName() + " could not be downloaded from "
                + String.join(" or ", faults) + "; put the four files into " + cache
                + ", or name the folder that holds them.");
    }

    /** Downloads and verifies; if a resumed download has a wrong checksum, the whole file is downloaded again. */
    private static void fetchIntact(String name, String sha256, Mirror mirror, PartFile part, DownloadProgress progress)
            throws IOException, InterruptedException {
        boolean resumed = part.size() > 0;
        mirror.fetch(name, part, progress);
        if (resumed && !part.matches(sha256)) {
            part.delete();
            mirror.fetch(name, part, progress);
        }
        if (!part.matches(sha256)) {
            part.delete();
            throw new IOException("its file has a checksum that does not match");
        }
        part.finish();
    }
}
