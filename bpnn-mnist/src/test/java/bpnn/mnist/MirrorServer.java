package bpnn.mnist;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A local mirror with configurable faults. */
public final class MirrorServer implements AutoCloseable {
    private static final String FOLDER = "/mnist/";

    /** The requests: file name and, if given, range. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    public final Map<String, byte[]> files = new ConcurrentHashMap<>();
    volatile boolean honoursRanges = true;
    /** Sends this many bytes of each body, then stalls; disabled if negative. */
    volatile int silentAfter = -1;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);

    public MirrorServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(FOLDER, this::answer);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + FOLDER);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring(FOLDER.length());
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(range == null ? name : name + " " + range);
        byte[] content = files.get(name);
        int status = content == null ? 404 : 200;
        byte[] body = content == null ? new byte[0] : content;
        if (content != null && range != null && honoursRanges) {
            int from = Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
            status = from < content.length ? 206 : 416;
            body = Arrays.copyOfRange(content, Math.min(from, content.length), content.length);
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        send(exchange, body);
        exchange.close();
    }

    private void send(HttpExchange exchange, byte[] body) throws IOException {
        if (silentAfter < 0 || silentAfter >= body.length) {
            exchange.getResponseBody().write(body);
            return;
        }
        exchange.getResponseBody().write(body, 0, silentAfter);
        exchange.getResponseBody().flush();
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
