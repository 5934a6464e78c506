package bpnn.web;

import bpnn.io.image.Drawing;
import bpnn.io.image.InputPicture;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Serves the page on which networks learn, and tells it what happens, ten times a second. */
public final class PlayServer implements AutoCloseable {
    private static final int MAX_COMMAND = 1 << 16;
    private static final int TOKEN_BYTES = 16;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(8).build())
            .build());

    private final PageServer server;
    private final EventStream events;
    private final LivePage page;
    private final PageFile files = PageFile.play();
    private final String token;

    /**
     * Begins to serve.
     *
     * @param host what the address was called
     * @param faults receives errors of the program
     * @throws IOException if the address cannot be listened on
     */
    public PlayServer(InetSocketAddress address, String host, LivePage page, Consumer<Throwable> faults)
            throws IOException {
        this.page = page;
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        this.token = HexFormat.of().formatHex(secret);
        this.events = new EventStream(this::state, page::changes, page::watched, faults);
        this.server = new PageServer(address, host, new Site(), faults);
    }

    /** The port in use, also where any free one was asked for. */
    public int port() {
        return server.port();
    }

    /** With the token that a page needs to ask for something, which no page of another site comes to see. */
    private ObjectNode state() {
        return page.state().put("token", token);
    }

    private final class Site implements PageServer.Site {
        @Override
        public Response get(URI asked) throws RequestException {
            return files.at(asked.getPath() == null ? "" : asked.getPath());
        }

        @Override
        public boolean streams(HttpExchange exchange) throws IOException, RequestException {
            boolean asked =
                    "/events".equals(exchange.getRequestURI().getPath()) && "GET".equals(exchange.getRequestMethod());
            if (asked && !events.open(exchange)) {
                throw new RequestException(503, "Too many pages are open; close some of them.");
            }
            return asked;
        }

        @Override
        public Response post(HttpExchange exchange) throws RequestException {
            String path = exchange.getRequestURI().getPath();
            PageServer.requireType(exchange, "application/json", "A request");
            String given = exchange.getRequestHeaders().getFirst("X-Token");
            if (given == null
                    || !MessageDigest.isEqual(
                            given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))) {
                throw new RequestException(403, "This page is of an earlier start of the program; load it again.");
            }
            if ("/command".equals(path)) {
                return command(PageServer.body(exchange.getRequestBody(), MAX_COMMAND, "command"));
            }
            if ("/read".equals(path)) {
                byte[] body = PageServer.body(exchange.getRequestBody(), DrawingRequest.MAX_BYTES, "drawing");
                return read(DrawingRequest.parse(body));
            }
            throw new RequestException(404, "Commands are taken at /command, drawings read at /read.");
        }

        private Response command(byte[] body) throws RequestException {
            JsonNode command;
            try {
                command = JSON.readTree(body);
            } catch (IOException e) {
                throw new RequestException(400, "The request is not JSON.");
            }
            try {
                page.command(command);
            } catch (IllegalArgumentException refusal) {
                throw new RequestException(422, String.valueOf(refusal.getMessage()));
            }
            events.hurry();
            return Response.json(JsonNodeFactory.instance.objectNode());
        }

        private Response read(Drawing drawing) throws RequestException {
            InputPicture picture = InputPicture.of(drawing, page.format())
                    .orElseThrow(() -> new RequestException(422, "Nothing is drawn yet; draw something."));
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            ArrayNode pixels = json.putArray("pixels");
            for (byte pixel : picture.pixels()) {
                pixels.add(pixel & 0xFF);
            }
            json.set("readings", page.read(picture.dataset(page.format())));
            return Response.json(json);
        }
    }

    /** Tells every page that nothing more will come, which then stays as it is. */
    public void finish() {
        events.finish();
    }

    @Override
    public void close() {
        events.close();
        server.close();
    }
}
