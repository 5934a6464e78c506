package bpnn.mnist;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A web folder with copies of the compressed files. */
final class Mirror {
    private static final int BUFFER_BYTES = 1 << 15;

    private static final int OK = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final HttpClient client;
    private final URI folder;
    private final Duration patience;

    /** @param patience time limit without data, before and during the response */
    Mirror(HttpClient client, URI folder, Duration patience) {
        this.client = client;
        this.folder = folder;
        this.patience = patience;
    }

    URI folder() {
        return folder;
    }

    /**
     * Downloads the missing part of a file, or all of it if the server does not support ranges.
     *
     * @throws IOException if the mirror cannot be reached, refuses, or breaks off
     */
    void fetch(RemoteFile file, PartFile part, DownloadProgress progress) throws IOException, InterruptedException {
        long present = part.size();
        HttpRequest.Builder request = HttpRequest.newBuilder(folder.resolve(file.name()));
        if (present > 0) {
            request.header("Range", "bytes=" + present + "-");
        }
        HttpResponse<InputStream> response = send(request.build());
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case OK -> receive(file, body, length(response), 0, part, progress);
                case PARTIAL_CONTENT -> receive(file, body, length(response), start(response), part, progress);
                case RANGE_NOT_SATISFIABLE -> {
                    // The partial file is already complete or too long; the checksum decides.
                }
                default -> throw new IOException("it answered " + response.statusCode());
            }
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        var pending = client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            return pending.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw new IOException("it did not answer", e);
        } catch (ExecutionException e) {
            throw new IOException(NetworkErrors.reason(e.getCause()), e);
        }
    }

    private static long start(HttpResponse<?> response) throws IOException {
        String range = response.headers().firstValue("Content-Range").orElse("");
        if (!range.matches("bytes [0-9]{1,18}-.*")) {
            throw new IOException("it sent a part without saying which");
        }
        return Long.parseLong(range.substring("bytes ".length(), range.indexOf('-')));
    }

    /** Remaining bytes, or -1 if the server does not report them. */
    private static long length(HttpResponse<?> response) {
        return response.headers().firstValueAsLong("Content-Length").orElse(-1);
    }

    private void receive(
            RemoteFile file, InputStream body, long length, long from, PartFile part, DownloadProgress progress)
            throws IOException {
        if (from > part.size()) {
            throw new IOException("it sent another part than was asked for");
        }
        long total = length < 0 ? -1 : from + length;
        long received = from;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (FileChannel channel = part.openAt(from);
                StallGuard guard = new StallGuard(body, patience)) {
            for (int n = read(body, buffer, guard); n >= 0; n = read(body, buffer, guard)) {
                part.write(channel, buffer, n);
                received += n;
                progress.report(file.name(), received, total);
                if (received > file.maxBytes()) {
                    channel.truncate(0);
                    throw new IOException("it sent far more than the file");
                }
            }
        }
    }

    private static int read(InputStream body, byte[] buffer, StallGuard guard) throws IOException {
        int n;
        try {
            n = body.read(buffer);
        } catch (IOException e) {
            throw new IOException(guard.stalled() ? "it fell silent" : "the connection broke off", e);
        }
        if (guard.stalled()) {
            throw new IOException("it fell silent");
        }
        guard.feed();
        return n;
    }
}
