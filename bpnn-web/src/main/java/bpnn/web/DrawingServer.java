package bpnn.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

/** Serves the page to draw on, and reads what is drawn: small, known files and one question. */
public final class DrawingServer implements AutoCloseable {
    private static final int MAX_PICTURE = 1 << 23;

    private final PageServer server;
    private final DrawingClassifier classifier;

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
        this.classifier = new DrawingClassifier(models);
        // No answer here takes long, so whoever takes one slowly is cut off.
        PageServer.setUnlessGiven("sun.net.httpserver.maxRspTime", "10");
        this.server = new PageServer(address, host, new Site(), faults);
    }

    /** The port in use, also where any free one was asked for. */
    public int port() {
        return server.port();
    }

    private final class Site implements PageServer.Site {
        @Override
        public Response get(URI asked) throws RequestException {
            String path = asked.getPath() == null ? "" : asked.getPath();
            return switch (path) {
                case "/models" -> Response.json(classifier.describe());
                case "/weights" -> Response.json(classifier.weights(asked.getQuery()));
                default -> PageFile.DRAWING.at(path);
            };
        }

        @Override
        public Response post(HttpExchange exchange) throws RequestException {
            String path = exchange.getRequestURI().getPath();
            if ("/read".equals(path)) {
                PageServer.requireType(exchange, "application/json", "A drawing");
                byte[] body = PageServer.body(exchange.getRequestBody(), DrawingRequest.MAX_BYTES, "drawing");
                return Response.json(classifier.classify(DrawingRequest.parse(body)));
            }
            if ("/picture".equals(path)) {
                PageServer.requireType(exchange, "application/octet-stream", "A picture");
                byte[] body = PageServer.body(exchange.getRequestBody(), MAX_PICTURE, "picture");
                return Response.json(classifier.classify(body));
            }
            throw new RequestException(404, "Drawings are read at /read, pictures at /picture.");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
