package bpnn.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server below a page. What a page does not know is refused, and so is what comes from other sites; a client that sends
 * too much, too often or too slowly is cut off.
 */
final class PageServer implements AutoCloseable {
    private static final int THREADS = 32;
    private static final double REQUESTS_PER_SECOND = 60;
    private static final double BURST = 180;

    static {
        // The JDK's server reads these when it is first used; a value given on the command line stays.
        setUnlessGiven("sun.net.httpserver.maxReqTime", "5");
        setUnlessGiven("jdk.httpserver.maxConnections", "128");
        // Otherwise an answer's body waits 40 ms for its header to be acknowledged.
        setUnlessGiven("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final HostCheck hosts;
    private final RateLimit rate = new RateLimit(REQUESTS_PER_SECOND, BURST, System::nanoTime);
    private final Site site;
    private final Consumer<Throwable> faults;

    /** What is served. */
    interface Site {
        /** Answers a question. */
        Response get(URI asked) throws RequestException;

        /** Takes something in; its type and origin have been looked at by then. */
        Response post(HttpExchange exchange) throws RequestException;

        /** Whether an answer does not end, but goes on as things happen; it is then begun by this call. */
        default boolean streams(HttpExchange exchange) throws IOException, RequestException {
            return false;
        }
    }

    /**
     * Begins to serve.
     *
     * @param host what the address was called
     * @param faults receives errors of the program
     * @throws IOException if the address cannot be listened on
     */
    PageServer(InetSocketAddress address, String host, Site site, Consumer<Throwable> faults) throws IOException {
        this.hosts = new HostCheck(host);
        this.site = site;
        this.faults = faults;
        this.server = HttpServer.create(address, 0);
        this.threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "page");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The port in use, also where any free one was asked for. */
    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Response reply = reply(exchange);
        if (reply == null) {
            return;
        }
        try (exchange) {
            reply.send(exchange);
        }
    }

    /** Null if the answer goes on. */
    private @Nullable Response reply(HttpExchange exchange) throws IOException {
        try {
            checkOrigin(exchange.getRequestHeaders());
            if (!rate.permits(exchange.getRemoteAddress().getAddress().getHostAddress())) {
                throw new RequestException(429, "These are too many requests; slow down.");
            }
            return switch (exchange.getRequestMethod()) {
                case "GET", "HEAD" -> site.streams(exchange) ? null : site.get(exchange.getRequestURI());
                case "POST" -> site.post(exchange);
                default -> throw new RequestException(405, "This method is not known here.");
            };
        } catch (RequestException refusal) {
            return Response.refusal(refusal);
        } catch (RuntimeException | Error e) {
            faults.accept(e);
            return Response.refusal(
                    new RequestException(500, "This is an error of the program; its terminal says more."));
        }
    }

    private void checkOrigin(Headers headers) throws RequestException {
        String host = headers.getFirst("Host");
        if (!hosts.permits(host)) {
            throw new RequestException(
                    421, "This server does not go by that name; use its address in figures, or localhost.");
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.toLowerCase(Locale.ROOT).equals("http://" + host.toLowerCase(Locale.ROOT))) {
            throw new RequestException(403, "Other sites' pages may not ask here.");
        }
    }

    /** A type that a form of another site cannot send unasked. */
    static void requireType(HttpExchange exchange, String expected, String what) throws RequestException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(expected)) {
            throw new RequestException(415, what + " is sent as " + expected + ".");
        }
    }

    static byte[] body(InputStream stream, int most, String what) throws RequestException {
        byte[] body;
        try {
            body = stream.readNBytes(most + 1);
        } catch (IOException e) {
            throw new RequestException(400, "The " + what + " did not arrive as a whole.");
        }
        if (body.length > most) {
            throw new RequestException(413, "A " + what + " has at most " + most + " bytes.");
        }
        return body;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
