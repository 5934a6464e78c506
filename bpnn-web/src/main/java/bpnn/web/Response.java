package bpnn.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An HTTP response. */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes; identity is the right equality
record Response(int status, String type, byte[] body) {
    /** No foreign sources, no inline scripts, no framing. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final long NO_BODY = -1;

    static Response json(JsonNode json) {
        return json(200, json);
    }

    static Response refusal(RequestException refusal) {
        return json(refusal.status(), JsonNodeFactory.instance.objectNode().put("error", refusal.sentence()));
    }

    private static Response json(int status, JsonNode json) {
        return new Response(
                status, "application/json; charset=utf-8", json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What goes with every answer. */
    static void headers(Headers headers, String type) {
        headers.set("Content-Type", type);
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    void send(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers(headers, type);
        if (status == 405) {
            headers.set("Allow", "GET, HEAD, POST");
        }
        if (status == 429) {
            headers.set("Retry-After", "1");
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || body.length == 0 ? NO_BODY : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
