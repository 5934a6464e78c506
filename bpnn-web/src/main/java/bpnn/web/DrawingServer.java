package bpnn.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Serves the page and reads what is drawn on it. Small, known files and one question; everything else is refused, and
 * a client that sends too much, too often or too slowly is cut off.
 */
public final class DrawingServer implements AutoCloseable {
    private static final int THREADS = 32;
    private static final double REQUESTS_PER_SECOND = 60;
    private static final double BURST = 180;
    private static final int MAX_PICTURE = 1 << 23;

    static {
        // The JDK's server reads these when it is first used; a value given on the command line stays.
        setUnlessGiven("sun.net.httpserver.maxReqTime", "5");
        setUnlessGiven("sun.net.httpserver.maxRspTime", "10");
        setUnlessGiven("jdk.httpserver.maxConnections", "128");
        // Otherwise an answer's body waits 40 ms for its header to be acknowledged.
        setUnlessGiven("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final HostCheck hosts;
    private final RateLimit rate = new RateLimit(REQUESTS_PER_SECOND, BURST, System::nanoTime);
    private final DrawingClassifier classifier;
    private final Consumer<Throwable> faults;

    /**
     * Begins to serve.
     *
     * @param host what the address was called
     * @param models at least one
     * @param faults receives errors of the program
     * @throws IOException if the address cannot be listened on
     */
    public DrawingServer(InetSocketAddress address, String host, List<ServedModel> models, Consumer<Throwable> faults)
            throws IOException {
        this.hosts = new HostCheck(host);
        this.classifier = new DrawingClassifier(models);
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

    /** The port in use, also where any free one was asked for. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            reply(exchange).send(exchange);
        }
    }

    private Response reply(HttpExchange exchange) {
        try {
            checkOrigin(exchange.getRequestHeaders());
            if (!rate.permits(exchange.getRemoteAddress().getAddress().getHostAddress())) {
                throw new RequestException(429, "These are too many requests; slow down.");
            }
            return switch (exchange.getRequestMethod()) {
                case "GET", "HEAD" -> get(exchange.getRequestURI());
                case "POST" -> read(exchange);
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

    private Response get(URI asked) throws RequestException {
        String path = asked.getPath() == null ? "" : asked.getPath();
        return switch (path) {
            case "/models" -> Response.json(classifier.describe());
            case "/weights" -> Response.json(classifier.weights(asked.getQuery()));
            default -> PageFile.at(path);
        };
    }

    private Response read(HttpExchange exchange) throws RequestException {
        String path = exchange.getRequestURI().getPath();
        if ("/read".equals(path)) {
            requireType(exchange, "application/json", "A drawing");
            byte[] body = body(exchange.getRequestBody(), DrawingRequest.MAX_BYTES, "drawing");
            return Response.json(classifier.classify(DrawingRequest.parse(body)));
        }
        if ("/picture".equals(path)) {
            requireType(exchange, "application/octet-stream", "A picture");
            return Response.json(classifier.classify(body(exchange.getRequestBody(), MAX_PICTURE, "picture")));
        }
        throw new RequestException(404, "Drawings are read at /read, pictures at /picture.");
    }

    /** A type that a form of another site cannot send unasked. */
    private static void requireType(HttpExchange exchange, String expected, String what) throws RequestException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(expected)) {
            throw new RequestException(415, what + " is sent as " + expected + ".");
        }
    }

    private static byte[] body(InputStream stream, int most, String what) throws RequestException {
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

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
