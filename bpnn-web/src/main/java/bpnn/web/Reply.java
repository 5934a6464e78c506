package bpnn.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What the server answers. */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes; identity is the right equality
record Reply(int status, String type, byte[] body) {
    /** Nothing from elsewhere, nothing inline, in nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final long NO_BODY = -1;

    static Reply json(JsonNode json) {
        return json(200, json);
    }

    static Reply refusal(Refusal refusal) {
        return json(refusal.status(), JsonNodeFactory.instance.objectNode().put("error", refusal.sentence()));
    }

    private static Reply json(int status, JsonNode json) {
        return new Reply(
                status, "application/json; charset=utf-8", json.toString().getBytes(StandardCharsets.UTF_8));
    }

    void send(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
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
