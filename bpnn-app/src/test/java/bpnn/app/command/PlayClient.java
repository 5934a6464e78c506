package bpnn.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * Asks the server of {@code play} as its page does.
 *
 * @param page its address
 */
record PlayClient(URI page) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    HttpResponse<String> get() throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String token, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(page.resolve(path))
                .header("Content-Type", "application/json")
                .header("X-Token", token)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /** The token that a page is told first. */
    String token() throws IOException, InterruptedException {
        return state().get("token").textValue();
    }

    /** What a page is told first. */
    JsonNode state() throws IOException, InterruptedException {
        try (InputStream events = events()) {
            return next(events).data();
        }
    }

    /** What a page is told, as it comes. */
    InputStream events() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(page.resolve("/events")).build();
        return CLIENT.send(request, BodyHandlers.ofInputStream()).body();
    }

    /** A server-sent event. */
    record Event(String name, JsonNode data) {}

    static Event next(InputStream events) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("\n\n")) {
            int read = events.read();
            if (read < 0) {
                throw new EOFException("The stream ended after: " + text);
            }
            text.append((char) read);
        }
        int data = text.indexOf("data: ");
        return data < 0
                ? next(events)
                : new Event(
                        text.substring("event: ".length(), data).strip(),
                        new ObjectMapper().readTree(text.substring(data + 6)));
    }
}
