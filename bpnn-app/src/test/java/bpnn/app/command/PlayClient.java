package bpnn.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
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
        HttpRequest request = HttpRequest.newBuilder(page.resolve("/events")).build();
        try (InputStream events =
                CLIENT.send(request, BodyHandlers.ofInputStream()).body()) {
            StringBuilder first = new StringBuilder();
            while (!first.toString().endsWith("\n\n")) {
                first.append((char) events.read());
            }
            String json = first.substring(first.indexOf("data: ") + 6);
            return new ObjectMapper().readTree(json).get("token").textValue();
        }
    }
}
